// One field edited where it stands: by mouse, by keyboard alone, against somebody else, without a script; and the way back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, signedIn } from '../harness.mjs';

async function person(page, fields) {
  await page.goto('/');
  const id = await page.evaluate(async (fields) => {
    const me = await (await fetch('/api/v1/me')).json();
    const answer = await fetch('/api/v1/people', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrf }, body: JSON.stringify({ fields }) });
    return (await answer.json()).id;
  }, fields);
  await page.goto(`/people/${id}`);
  return `/people/${id}`;
}

const fact = (page, key) => page.locator(`dd[data-fact=${key}]`);

test('a field is opened by a click, saved by Enter, restored by Escape, and taken back by Undo', async (t) => {
  const page = await signedIn(t);
  const href = await person(page, { name: 'Berta Vorort', job_title: 'Clerk' });
  const title = fact(page, 'job_title');
  await title.click({ position: { x: 4, y: 8 } });
  await title.locator('input[name="field.job_title"]').waitFor();
  await assertHolds(page, 'inline-open');
  await title.locator('input[name="field.job_title"]').fill('Forgotten');
  await page.keyboard.press('Escape');
  assert.match(await title.innerText(), /Clerk/);
  assert.ok(await title.locator('[data-pencil]').evaluate((pencil) => pencil === document.activeElement), 'focus returns to what opened it');
  await page.keyboard.press('Enter');
  await title.locator('input[name="field.job_title"]').fill('Director');
  await page.keyboard.press('Enter');
  await page.locator('.toasts .notice').waitFor();
  assert.match(await title.innerText(), /Director/);
  assert.match(await page.locator('[data-version]').innerText(), /Version 2/);
  // A toast stays while somebody is at it.
  await page.getByRole('button', { name: 'Undo' }).focus();
  await assertHolds(page, 'inline-saved');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForURL(/undone=1/);
  assert.match(await fact(page, 'job_title').innerText(), /Clerk/);
  t.diagnostic(JSON.stringify(await assertLight(page, href)));
});

test('by the keyboard alone one goes through the fields: e opens, Tab saves and moves on, a fault keeps the text, leaving a field loses nothing', async (t) => {
  const page = await signedIn(t, { tolerate: [/422/] });
  await person(page, { name: 'Karl Taste', job_title: 'Clerk', relation: 'lead' });
  await page.keyboard.press('e');
  const open = page.locator('form[data-inline]');
  await open.waitFor();
  const first = await open.locator('xpath=..').getAttribute('data-fact');
  assert.ok(first, 'the first fact is open');
  await page.keyboard.press('Escape');
  await fact(page, 'job_title').locator('[data-pencil]').focus();
  await page.keyboard.press('e');
  await page.locator('input[name="field.job_title"]').fill('Owner');
  await page.keyboard.press('Tab');
  await page.locator('.toasts .notice').waitFor();
  assert.match(await fact(page, 'job_title').innerText(), /Owner/);
  assert.ok((await open.locator('xpath=..').getAttribute('data-fact')) !== 'job_title', 'the next field is open');
  await page.keyboard.press('Escape');
  await page.locator('.folded summary').click();
  await fact(page, 'email').locator('[data-pencil]').click();
  const mail = fact(page, 'email').locator('textarea');
  await mail.fill('karl');
  await mail.blur();
  assert.equal(await mail.inputValue(), 'karl', 'blur never discards');
  await fact(page, 'email').locator('.acts button').first().click();
  await fact(page, 'email').locator('.wrong').waitFor();
  assert.equal(await fact(page, 'email').locator('textarea').inputValue(), 'karl');
  await assertHolds(page, 'inline-refused');
});

test('of two who change one field the second sees both values and who was first', async (t) => {
  const page = await signedIn(t, { tolerate: [/409/] });
  const href = await person(page, { name: 'Paul Zugleich', job_title: 'Clerk' });
  await fact(page, 'job_title').locator('[data-pencil]').click();
  await page.locator('input[name="field.job_title"]').fill('Owner');
  const other = await page.context().newPage();
  await other.goto(`${href}/edit?field=job_title`);
  await other.locator('[name="field.job_title"]').fill('Director');
  await Promise.all([other.waitForURL(/saved=2/), other.locator('form[data-draft] .acts button').click()]);
  await page.locator('input[name="field.job_title"]').press('Enter');
  await fact(page, 'job_title').locator('.theirs').waitFor();
  const said = await fact(page, 'job_title').innerText();
  assert.match(said, /changed Job title/);
  assert.match(said, /Director/);
  assert.equal(await page.locator('input[name="field.job_title"]').inputValue(), 'Owner');
  await assertHolds(page, 'inline-conflict');
  await page.locator('input[name="field.job_title"]').press('Enter');
  await page.locator('.toasts .notice').waitFor();
  assert.match(await fact(page, 'job_title').innerText(), /Owner/);
});

test('a version is looked at and restored, and without a script a field has its own form', async (t) => {
  const page = await signedIn(t);
  const href = await person(page, { name: 'Vera Fassung', job_title: 'Clerk' });
  const plain = await signedIn(t, { javaScript: false });
  await plain.goto(href);
  await fact(plain, 'job_title').locator('[data-pencil]').click();
  await plain.locator('[name="field.job_title"]').fill('Director');
  await Promise.all([plain.waitForURL(/saved=2/), plain.locator('form[data-draft] .acts button').click()]);
  await page.goto(`${href}/versions`);
  await assertHolds(page, 'versions-restore');
  await page.getByRole('link', { name: 'Restore version 1' }).click();
  await page.getByRole('button', { name: 'Restore this version' }).waitFor();
  await assertHolds(page, 'version-preview');
  await page.getByRole('button', { name: 'Restore this version' }).click();
  await page.waitForURL(/saved=3/);
  assert.match(await fact(page, 'job_title').innerText(), /Clerk/);
  assertClean(page);
});
