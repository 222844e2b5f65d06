// One record: written by a form, seen, revealed, changed by two at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, signedIn } from '../harness.mjs';

// Each has a number of their own: of two with the same the form would say so first.
let numbers = 10;

async function made(page, name) {
  await page.goto('/people/new');
  await page.locator('[name="field.name"]').fill(name);
  await page.locator('[name="field.phone"]').fill(`+39 02 55${(numbers += 1)} 4417`);
  await Promise.all([page.waitForURL(/\/people\/rec_.*saved=1/), page.locator('form[data-draft] .acts button').click()]);
  return new URL(page.url()).pathname;
}

test('a person is written by hand and their page holds at both widths, light and dark', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people/new');
  await assertHolds(page, 'person-new');
  await made(page, 'Chiara Quellenbrunn');
  assert.match(await page.locator('main').innerText(), /Saved as version 1/);
  await assertHolds(page, 'person');
});

test('a person with a history holds and weighs less than 60 KB', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people?sort=-last_contact');
  const href = await page.locator('[data-open]').first().getAttribute('href');
  t.diagnostic(JSON.stringify(await assertLight(page, href)));
  await assertHolds(page, 'person-history');
});

test('a masked value is revealed by one press and by nothing less', async (t) => {
  const page = await signedIn(t);
  await made(page, 'Livia Maske');
  assert.ok(!/55\d\d 4417/.test(await page.content()));
  await page.locator('form[data-reveal] button').first().click();
  await page.locator('.revealed').waitFor();
  assert.match(await page.locator('.revealed').innerText(), /4417/);
  assertClean(page);
});

test('of two who change one record the second sees both values and loses none', async (t) => {
  const page = await signedIn(t, { tolerate: [/409/] });
  const href = await made(page, 'Otto Doppelt');
  await page.goto(`${href}/edit`);
  const other = await page.context().newPage();
  await other.goto(`${href}/edit`);
  await other.locator('[name="field.job_title"]').fill('Director');
  await Promise.all([other.waitForURL(/saved=2/), other.locator('form[data-draft] .acts button').click()]);
  await page.locator('[name="field.job_title"]').fill('Clerk');
  await page.locator('form[data-draft] .acts button').click();
  await page.locator('.conflict').waitFor();
  assert.equal(await page.locator('[name="field.job_title"]').inputValue(), 'Clerk');
  assert.match(await page.locator('.theirs').first().innerText(), /Director/);
  await assertHolds(page, 'person-conflict');
});

test('a message shows what it says, its bytes, its header and what is proved', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/message');
  const row = page.locator('[data-open]').first();
  if ((await row.count()) === 0) return t.skip('the demonstration has no messages');
  const href = await row.getAttribute('href');
  for (const tab of ['', '?tab=original', '?tab=headers', '?tab=authenticity']) {
    const answer = await page.goto(href + tab);
    if (answer.status() === 404 && tab) return t.skip('the demonstration keeps no originals');
    await assertHolds(page, `message${tab.replace('?tab=', '-')}`);
  }
});
