// The whole story, in one house: people are imported, one is worked with, the house decides how long, the person gets a copy of
// everything, is erased, and the tree still verifies.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ADMIN, assertClean, assertHolds, assertLight, signedIn, startServer } from '../harness.mjs';
import { unzip } from '../zip.mjs';

let fresh;
const house = () => (fresh ??= startServer({ demo: false }));

const SHEET = [
  'Full name,E-mail,Mobile,Country',
  'Chiara Quellenbrunn,chiara@quelle.example,+39 02 5550 4417,IT',
  'Goran Petrović,goran@fair.example,+49 30 5550 1234,DE',
  'Nobody,no address,,DE',
].join('\n');

const main = (page) => page.locator('main').innerText();

test('a sheet is mapped, tried out, imported and reported', async (t) => {
  const page = await signedIn(t, { server: await house() });
  await page.goto('/import');
  await assertHolds(page, 'import');
  await page.locator('#file').setInputFiles({ name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
  await Promise.all([page.waitForURL(/\/import\/bat_/), page.locator('form .button.first').click()]);
  assert.equal(await page.locator('[name="map.1"]').inputValue(), 'email', 'the columns are found by themselves');
  await page.locator('form[data-draft] .button.first').click();
  await page.locator('#preview').waitFor();
  assert.match(await page.locator('#preview').innerText(), /2 created[\s\S]*1 refused/);
  await assertHolds(page, 'import-preview');
  await page.locator('button[value=start]').click();
  await page.getByText('Finished').waitFor();
  assert.match(await main(page), /Write the address like/);
  assert.ok(!(await page.content()).includes('no address'), 'a report never shows what was refused');
  await assertHolds(page, 'import-report');
});

test('a person has a timeline, a decision with its reasons, and whoever looked', async (t) => {
  const page = await signedIn(t, { server: await house() });
  await page.goto('/people?sort=name');
  await page.locator('[data-open]', { hasText: 'Chiara' }).click();
  await page.getByLabel('Text', { exact: true }).fill('Wants the second variant');
  await Promise.all([page.waitForURL(/logged=note/), page.locator('.composer .acts button').click()]);
  const time = await page.locator('#time').innerText();
  assert.match(time, /Wants the second variant/);
  assert.match(time, /by ada/i, 'by name');
  await page.locator('.reasons summary').click();
  assert.match(await page.locator('.reasons').innerText(), /Keep through .+[\s\S]*v1/);
  assert.match(await page.locator('[aria-labelledby=seen]').innerText(), /ada[\s\S]*for Administration/i);
  await assertHolds(page, 'story-person');
});

test('the person gets a package with everything in it', async (t) => {
  const page = await signedIn(t, { server: await house() });
  await page.goto('/people?sort=name');
  await page.locator('[data-open]', { hasText: 'Chiara' }).click();
  await Promise.all([page.waitForURL(/\/package$/), page.locator('form[action$="/package"] button').click()]);
  await page.locator('form[action$="/download"] button').waitFor();
  await assertHolds(page, 'package');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('form[action$="/download"] button').click()]);
  const files = unzip(await readFile(await download.path()));
  t.diagnostic([...files.keys()].join(', '));
  const texts = [...files].filter(([name]) => /\.(json|html|txt|csv)$/.test(name)).map(([, body]) => body.toString('utf8'));
  for (const words of ['Chiara Quellenbrunn', 'chiara@quelle.example', 'Wants the second variant']) {
    assert.ok(texts.some((text) => text.includes(words)), `the package tells ${words}`);
  }
  assert.ok(texts.every((text) => !text.includes('Goran')), 'nobody else is in it');
  await page.goto('/requests');
  await assertHolds(page, 'requests');
  await page.locator('[data-open]').first().click();
  assert.match(await main(page), /made an access package|ordered an access package/);
  assert.doesNotMatch(await main(page), /usr_[0-9a-z]{20}/);
  await assertHolds(page, 'request');
});

test('an erasure says what goes, takes its number and the password, and leaves a certificate', async (t) => {
  const page = await signedIn(t, { server: await house(), tolerate: [/status of 4\d\d/] });
  await page.goto('/people?sort=name');
  await page.locator('[data-open]', { hasText: 'Chiara' }).click();
  const person = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Plan erasure' }).click();
  await page.waitForURL(/\/erasure$/);
  assert.match(await main(page), /An open request of the person must be answered first/);
  await assertHolds(page, 'erasure-waits');
  await page.goto('/requests');
  await page.locator('[data-open]').first().click();
  await page.getByRole('button', { name: 'Mark as answered' }).click();
  await page.locator('.steps').getByText('Answered').waitFor();
  await page.goto(`${person}/erasure`);
  await assertHolds(page, 'erasure-plan');
  const form = page.locator('form.confirm');
  const count = await form.getAttribute('data-confirm');
  assert.ok(Number(count) > 0);
  assert.ok(await form.locator('.grave').isDisabled(), 'closed until the number stands there');
  await form.locator('#count').fill(count);
  await form.locator('#password').fill('not the password at all');
  await form.locator('.grave').click();
  await page.getByRole('alert').waitFor();
  assert.equal((await page.request.get(person)).status(), 200, 'a wrong password erases nothing');
  await page.locator('form.confirm #count').fill(count);
  await page.locator('form.confirm #password').fill(ADMIN.password);
  await page.locator('form.confirm .grave').click();
  await page.getByText('Certificate of destruction').waitFor();
  assert.doesNotMatch(await main(page), /Quellenbrunn/);
  await assertHolds(page, 'erased');
  const gone = await page.goto(person);
  assert.equal(gone.status(), 404);
  assert.match(await main(page), /destroyed/);
});

test('after all of it everything verifies', async (t) => {
  const server = await house();
  const page = await signedIn(t, { server });
  t.diagnostic(JSON.stringify(await assertLight(page, '/evidence')));
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.locator('.verdict').waitFor();
  assert.match(await main(page), /as they were recorded/);
  assert.match(await main(page), /Erased on request, certified/);
  await assertHolds(page, 'verified');
  assert.match(await server.cli('verify'), /0 faults|no faults|clean|verified/i);
  assertClean(page);
});

test('an import is taken back after a page that says what goes and what stays', async (t) => {
  const page = await signedIn(t, { server: await house() });
  await page.goto('/import');
  await page.locator('main .plainlist a').first().click();
  await page.getByRole('link', { name: 'Undo this import' }).click();
  await page.waitForURL(/\/undo$/);
  assert.match(await main(page), /nothing has happened yet[\s\S]*Goes[\s\S]*Stays/i);
  await assertHolds(page, 'import-undo');
  await page.locator('form.confirm .grave').click();
  await page.getByText('Taken back').waitFor();
  await page.goto('/people');
  assert.doesNotMatch(await main(page), /Goran/);
  assertClean(page);
});
