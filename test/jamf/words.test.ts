import { describe, expect, it } from 'vitest';
import { isHtml, wordsOf } from '../../src/jamf/words.ts';

describe("Jamf's own words", () => {
  it('are the descriptions of the Jamf Pro API, with the fields they are about', () => {
    const text = JSON.stringify({
      httpStatus: 400,
      errors: [
        { code: 'DUPLICATE_FIELD', field: 'packageName', description: 'Name is taken.', id: '3' },
        { code: 'INVALID_ID', field: 'categoryId', description: '' },
      ],
    });
    expect(wordsOf(400, text)).toBe('Name is taken. (packageName); INVALID_ID (categoryId)');
  });

  it('are the bare status where the Jamf Pro API gives no reason', () => {
    expect(wordsOf(401, JSON.stringify({ httpStatus: 401, errors: [] }))).toBe('Unauthorized');
    expect(wordsOf(503, '')).toBe('Service Unavailable');
    expect(wordsOf(599, '')).toBe('no reason given');
  });

  it('are the error and its description where a token is refused', () => {
    const text = JSON.stringify({
      error: 'invalid_client',
      error_description: 'Client authentication failed',
      error_uri: 'https://datatracker.ietf.org/doc/html/rfc6749#section-5.2',
    });
    expect(wordsOf(401, text)).toBe('invalid_client: Client authentication failed');
  });

  it('are the reason in the HTML page of the classic API', () => {
    const page = `<html><head><title>Status page</title></head><body>
      <p style="font-weight: bold">Conflict</p>
      <p>Error: Unable to match target_version &quot;9&quot; &amp; more</p>
      <p>You can get technical details <a href="https://x">here</a>.</p></body></html>`;
    expect(wordsOf(409, page)).toBe('Unable to match target_version "9" & more');
  });

  it('are the heading and first sentence of a page without a reason', () => {
    const page = `<html><body><p>Unauthorized</p><p>The request requires user authentication</p></body></html>`;
    expect(wordsOf(401, page)).toBe('Unauthorized: The request requires user authentication');
  });

  it("are the title of a proxy's or of the start-up page", () => {
    const page = '<!DOCTYPE html><html><head><title>Jamf Pro is\n starting</title></head></html>';
    expect(wordsOf(503, page)).toBe('Jamf Pro is starting');
    expect(wordsOf(502, '<html></html>')).toBe('a web page');
  });

  it('are never longer than a sentence or two, and never break a line', () => {
    const words = wordsOf(500, `first\r\nsecond\u0007 ${'x'.repeat(5000)}`);
    expect(words).toMatch(/^first second x+…$/);
    expect(words.length).toBeLessThan(310);
  });
});

describe('a web page', () => {
  it('is known by how it begins, not by what it is called', () => {
    expect(isHtml('\n<!doctype HTML><html>')).toBe(true);
    expect(isHtml('<HTML lang="en">')).toBe(true);
    expect(isHtml('<?xml version="1.0"?><policies/>')).toBe(false);
    expect(isHtml('{"html":true}')).toBe(false);
  });
});
