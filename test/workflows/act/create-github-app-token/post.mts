const token = process.env['STATE_token'];
if (token) {
  const answer = await fetch(`${process.env['INPUT_GITHUB-API-URL']}/installation/token`, {
    method: 'DELETE',
    headers: { authorization: `token ${token}` },
  });
  if (!answer.ok) throw new Error(`the token was not revoked: ${answer.status}`);
  console.log('Token revoked');
}
