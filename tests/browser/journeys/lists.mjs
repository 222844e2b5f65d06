// Lists: how they look, the keyboard, search that leaves no trace in the address, and the same without scripts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

const path = (page) => new URL(page.url()).pathname;

test('the list of people holds at both widths, light and dark', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people');
  assert.ok((await page.locator('[data-row]').count()) > 10);
  await assertHolds(page, 'people');
});

test('every list of the rail opens, and so do home and the keys', async (t) => {
  const page = await signedIn(t);
  for (const [name, address] of [['home', '/'], ['companies', '/companies'], ['deals', '/records/deal'], ['messages', '/records/message'], ['tasks', '/records/task'], ['keys', '/keys']]) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 200, address);
    await assertHolds(page, name);
  }
});

test('the list of people weighs less than 60 KB with all it loads', async (t) => {
  const page = await signedIn(t);
  t.diagnostic(JSON.stringify(await assertLight(page, '/people')));
});

test('rows are walked with j and k and opened with Enter; g p leads back', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people?sort=name');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const name = await page.locator('tr.at [data-open]').innerText();
  await Promise.all([page.waitForURL(/\/people\/rec_/), page.keyboard.press('Enter')]);
  assert.equal((await page.locator('h1').innerText()).trim(), name.trim());
  await page.keyboard.press('g');
  await Promise.all([page.waitForURL(/\/people$/), page.keyboard.press('p')]);
  assertClean(page);
});

test('without scripts a list is sorted, searched and paged, and no word of the search stands in the address', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false });
  await page.goto('/people');
  await page.locator('thead th a').first().click();
  assert.match(page.url(), /sort=name/);
  const word = (await page.locator('[data-row] [data-open]').first().innerText()).split(' ').at(-1);
  await page.locator('form.inlist input[name=q]').fill(word);
  await page.locator('form.inlist input[name=q]').press('Enter');
  await page.waitForURL(/query=/);
  assert.ok(!page.url().toLowerCase().includes(word.toLowerCase()));
  assert.ok((await page.locator('[data-row]').count()) > 0);
  assert.equal(path(page), '/people');
});
