// Somebody who is there already is recognised while one types; pairs are looked for, merged side by side, and a merge is taken back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHolds, open, signedIn } from '../harness.mjs';

/** A person made by the API: nobody is warned there. */
async function person(page, fields) {
  await page.goto('/');
  return page.evaluate(async (fields) => {
    const me = await (await fetch('/api/v1/me')).json();
    const answer = await fetch('/api/v1/people', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrf }, body: JSON.stringify({ fields }) });
    return (await answer.json()).id;
  }, fields);
}

test('whoever is there already is told of while one types, by the keyboard alone, and making the record anyway is one press', async (t) => {
  const page = await signedIn(t);
  await person(page, { name: 'Rosa Zwilling', email: ['rosa@zwilling.example'] });
  await page.goto('/people/new');
  await page.locator('input[name="field.name"]').focus();
  await page.keyboard.type('Zwilling Rosa');
  const told = page.locator('[data-alike]');
  await told.getByText('Rosa Zwilling').waitFor();
  assert.match(await told.innerText(), /same name/);
  await page.locator('[name="field.email"]').focus();
  await page.keyboard.type('ROSA@zwilling.example');
  await told.getByText('same e-mail').waitFor();
  await assertHolds(page, 'duplicates-typing');
  assert.ok(!page.url().includes('zwilling'), 'nothing of anybody stands in an address');
  await page.locator('[name="field.email"]').focus();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/people\/rec_/);
  assert.match(await page.locator('h1').innerText(), /Zwilling Rosa/);
});

test('pairs are looked for, one is merged side by side, the merged record leads on, and the merge is taken back', async (t) => {
  const page = await signedIn(t);
  const first = await person(page, { name: 'Pia Doppel', email: ['pia@doppel.example'], job_title: 'Clerk' });
  const second = await person(page, { name: 'P. Doppel', email: ['pia@doppel.example'], job_title: 'Head' });
  await page.goto('/people');
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await page.waitForURL(/\/duplicates/);
  await page.getByRole('button', { name: 'Look for new ones' }).click();
  const pair = page.locator('.dup-pair').filter({ hasText: 'P. Doppel' });
  await page.waitForURL(/\/duplicates\?kind=person/);
  for (let n = 0; n < 40 && !(await pair.count()); n += 1) {
    await page.reload();
    await page.locator('#job[data-job=ended], h1').first().waitFor();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)));
  }
  await assertHolds(page, 'duplicates-list');
  await pair.getByRole('link', { name: /Merge/ }).click();
  await page.locator('table.merge').waitFor();
  await assertHolds(page, 'duplicates-merge');
  await page.goto(`/duplicates/merge?survivor=${first}&other=${second}`);
  await page.locator('input[name="choice.job_title"][value=other]').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Merge', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/people/${first}`));
  await page.getByText('Merged. Both histories stay provable.').waitFor();
  assert.match(await page.locator('dd[data-fact=job_title]').innerText(), /Head/);
  await page.goto(`/people/${second}`);
  await page.waitForURL(new RegExp(`/duplicates/merged/${second}`));
  await assertHolds(page, 'duplicates-merged');
  await page.getByRole('button', { name: 'Take the merge back' }).click();
  await page.waitForURL(new RegExp(`/people/${second}`));
  await page.getByText('The merge was taken back.').waitFor();
  assert.match(await page.locator('h1').innerText(), /P\. Doppel/);
  await page.goto(`/people/${first}`);
  assert.match(await page.locator('dd[data-fact=job_title]').innerText(), /Clerk/);
});

test('without a script the form comes back once, names who is there, and makes the record when asked again', async (t) => {
  const scripted = await signedIn(t);
  await person(scripted, { name: 'Ole Ohneskript', email: ['ole@ohneskript.example'] });
  const page = await open(t, { signedIn: true, javaScript: false, tolerate: [/409/] });
  await page.goto('/people/new');
  await page.locator('input[name="field.name"]').fill('O. Ohneskript');
  await page.locator('[name="field.email"]').fill('ole@ohneskript.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Create anyway' }).waitFor();
  assert.match(await page.locator('[data-alike]').innerText(), /Ole Ohneskript/);
  assert.equal(await page.locator('input[name="field.name"]').inputValue(), 'O. Ohneskript', 'what was typed stays');
  await page.getByRole('button', { name: 'Create anyway' }).click();
  await page.waitForURL(/\/people\/rec_/);
});
