// Orders come in from a sheet: each goes to its customer, the order of the dates is chosen, and the next such sheet is mapped as this one was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHolds, signedIn } from '../harness.mjs';

const PEOPLE = 'Name,Email,Customer ID\nNora Besteller,nora@besteller.example,K-77\n';
const ORDERS = 'Beleg;Wann;Wer;Summe\n9001;03/04/2026;nora@besteller.example;120,50 EUR\n9002;05/06/2026;niemand@besteller.example;7 EUR\n';

/** Sends a sheet and stands before its columns. */
async function choose(page, kind, name, text) {
  await page.goto(`/import?kind=${kind}`);
  assert.equal(await page.locator('#kind').inputValue(), kind);
  await page.locator('#file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await Promise.all([page.waitForURL(/\/import\/bat_/), page.locator('form .button.first').click()]);
}

/** Starts what was previewed and waits until it is over. */
async function run(page) {
  await page.locator('button[value=preview]').click();
  await page.locator('#preview').waitFor();
  const before = page.url();
  await Promise.all([page.waitForURL((url) => /\/import\/bat_/.test(url.pathname) && url.href !== before), page.locator('button[value=start]').click()]);
  await page.getByText('Finished').first().waitFor();
}

test('orders find their customer, a row without one says so, and the next sheet is mapped as this one', async (t) => {
  const page = await signedIn(t);
  await choose(page, 'person', 'people.csv', PEOPLE);
  await run(page);
  await choose(page, 'order', 'orders.csv', ORDERS);
  await page.getByLabel('Beleg goes to').selectOption('number');
  await page.getByLabel('Wann goes to').selectOption('placed');
  await page.getByLabel('Order of the dates in Wann').selectOption('mdy');
  await page.getByLabel('Wer goes to').selectOption('person.email');
  await page.getByLabel('Summe goes to').selectOption('total');
  await page.locator('#match_by').selectOption('number');
  await page.locator('button[value=preview]').click();
  await page.locator('#preview').getByText('There is no such record yet').waitFor();
  await assertHolds(page, 'import-orders');
  await run(page);
  await page.getByText('1 of 1 shown').waitFor();
  await page.goto('/records/order');
  await page.getByRole('link', { name: '9001' }).first().click();
  await page.getByText('Nora Besteller').first().waitFor();
  assert.match(await page.locator('main').innerText(), /120[.,]50/);
  await choose(page, 'order', 'orders-2.csv', ORDERS);
  await page.getByText('Columns as you had them').waitFor();
  assert.equal(await page.getByLabel('Wer goes to').inputValue(), 'person.email');
  assert.equal(await page.getByLabel('Order of the dates in Wann').inputValue(), 'mdy');
  assert.equal(await page.locator('#match_by').inputValue(), 'number');
});
