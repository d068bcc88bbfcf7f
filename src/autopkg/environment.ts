/**
 * The variables that AutoPkg and the tools it starts (curl, git, pkgbuild) need. Anything else stays
 * behind: processors are other people's code, and the environment of a run holds the secrets of Jamf
 * and GitHub. `AUTOPKG_…` stays behind too: AutoPkg takes every one of them for a recipe's input, and
 * one of them could switch off the check of trust info.
 */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TMP',
  'TEMP',
  'TZ',
  'LANG',
  'LANGUAGE',
  '__CF_USER_TEXT_ENCODING',
  'DEVELOPER_DIR',
  'XDG_CONFIG_HOME',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  // By this GitHub's runner knows at the end of a job which processes were left behind, and ends them.
  'RUNNER_TRACKING_ID',
]);

/** Variables by pattern: locales, and proxies in both spellings. */
const patterns = [/^LC_[A-Z]+$/, /^(?:https?|ftp|all|no)_proxy$/i];

/** The environment in which recipes run. */
export function environmentFor(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {
    // Otherwise Python keeps what it prints until it ends, and the log of a long run stays empty.
    PYTHONUNBUFFERED: '1',
    // Processors leave no compiled copies of themselves among the pinned files.
    PYTHONDONTWRITEBYTECODE: '1',
  };
  for (const [name, value] of Object.entries(own))
    if (value !== undefined && (passedOn.has(name) || patterns.some((one) => one.test(name))))
      environment[name] = value;
  return environment;
}
