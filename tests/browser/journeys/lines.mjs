// Lines of a deal and an order: added, changed, moved and removed in place, by keyboard and without scripts; what they come to; sales by product.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

async function product(page, name, code, price, tax) {
  await page.goto('/records/product/new');
  await page.locator('[name="field.name"]').fill(name);
  await page.locator('[name="field.code"]').fill(code);
  await page.locator('[name="field.price"]').fill(price);
  await page.locator('[name="field.unit"]').fill('box');
  await page.locator('[name="field.tax"]').fill(tax);
  await Promise.all([page.waitForURL(/\/records\/product\/rec_/), page.getByRole('button', { name: 'Save' }).first().click()]);
}

const texts = (page) => page.locator('.linetable tbody th').allInnerTexts();
const sums = async (page) => (await page.locator('.linetable tfoot td .number').allInnerTexts()).map((text) => text.trim());

test('lines are written on a deal in place, and its amount follows them', async (t) => {
  const page = await signedIn(t, { tolerate: [/status of 422/] });
  await product(page, 'Chai of the journey', 'J-1', '18.00', '7');
  await product(page, 'Lamp of the journey', 'J-2', '30.00', '19');
  await assertHolds(page, 'product');
  await page.goto('/records/deal/new');
  await page.locator('[name="field.name"]').fill('Lamps and tea');
  await Promise.all([page.waitForURL(/\/records\/deal\/rec_/), page.getByRole('button', { name: 'Save' }).first().click()]);
  const address = page.url().split('?')[0];
  await page.getByText('Nothing stands on it yet').waitFor();

  // The product is suggested as one types; what is left out is taken over from it.
  const add = page.locator('.addline');
  await add.locator('[name="field.product"]').pressSequentially('Chai of');
  await page.getByRole('option', { name: /Chai of the journey/ }).waitFor();
  await page.keyboard.press('Enter');
  await add.locator('[name="field.quantity"]').fill('12');
  await add.locator('[name="field.quantity"]').press('Enter');
  await page.locator('.linetable').waitFor();
  assert.deepEqual(await texts(page), ['Chai of the journey']);
  assert.deepEqual(await sums(page), ['216.00 EUR', '15.12 EUR', '231.12 EUR']);
  assert.match(await page.locator('[data-fact=amount]').first().innerText(), /216\.00 EUR/, 'the fact beside it follows at once');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'field.product', 'ready for the next line');

  // Without scripts the same forms are sent as they are.
  const bare = await open(t, { signedIn: true, javaScript: false });
  await bare.goto(address);
  const form = bare.locator('.addline');
  await form.locator('[name="field.product"]').fill('Lamp of the journey');
  await form.locator('[name="field.discount"]').fill('50');
  await Promise.all([bare.waitForURL(/#lines$/), form.getByRole('button', { name: 'Add line' }).click()]);
  await form.locator('[name="field.text"]').fill('Paid in dollars');
  await form.locator('[name="field.price"]').fill('5.00');
  await form.locator('[name="field.price_currency"]').selectOption('USD');
  await form.getByRole('button', { name: 'Add line' }).click();
  await bare.getByText('The other lines are in EUR').waitFor();
  assert.equal(await form.locator('[name="field.text"]').inputValue(), 'Paid in dollars', 'what was typed is kept');
  await bare.goto(address);
  await Promise.all([bare.waitForURL(/#lines$/), bare.getByRole('button', { name: 'Move up: Lamp of the journey' }).click()]);
  assert.deepEqual(await texts(bare), ['Lamp of the journey', 'Chai of the journey']);
  await bare.getByRole('link', { name: 'Edit: Lamp of the journey' }).click();
  await bare.locator('td .lineform [name="field.quantity"]').fill('many');
  await bare.locator('td .lineform').getByRole('button', { name: 'Save' }).click();
  await bare.locator('td .lineform [aria-invalid]').waitFor();
  await bare.locator('td .lineform [name="field.quantity"]').fill('2');
  await Promise.all([bare.waitForURL(/#lines$/), bare.locator('td .lineform').getByRole('button', { name: 'Save' }).click()]);
  assert.deepEqual(await sums(bare), ['246.00 EUR', '20.82 EUR', '266.82 EUR']);

  // By keyboard alone: moved, edited and let go, removed and taken back.
  await page.goto(address);
  await page.getByRole('link', { name: 'Edit: Chai of the journey' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForFunction(() => document.querySelector('.linetable tbody th').textContent.includes('Chai'));
  await page.getByRole('link', { name: 'Edit: Chai of the journey' }).press('Enter');
  await page.locator('td .lineform').waitFor();
  await assertHolds(page, 'deal-line-edited');
  await page.keyboard.press('Escape');
  await page.locator('td .lineform').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove: Lamp of the journey' }).press('Enter');
  await page.getByText('The line was removed').first().waitFor();
  assert.deepEqual(await sums(page), ['216.00 EUR', '15.12 EUR', '231.12 EUR']);
  await Promise.all([page.waitForURL(/\/records\/deal\//), page.getByRole('button', { name: 'Undo' }).first().click()]);
  await page.goto(address);
  assert.equal((await texts(page)).length, 2, 'Undo brings it back');

  // What follows is not written by hand, until it follows no more.
  await page.locator('[data-fact=amount] [data-pencil]').click();
  await page.locator('[name="field.amount"]').fill('1.00');
  await page.locator('[name="field.amount"]').press('Enter');
  await page.getByText('It follows the lines').first().waitFor();
  await page.goto(address);
  await page.getByRole('button', { name: 'Write it by hand' }).click();
  await page.getByRole('button', { name: 'Let it follow the lines' }).waitFor();
  await page.getByRole('button', { name: 'Let it follow the lines' }).click();
  await page.getByRole('button', { name: 'Write it by hand' }).waitFor();
  await assertHolds(page, 'deal-lines');
  t.diagnostic(JSON.stringify(await assertLight(page, address)));
  assertClean(page);
});

test('what was sold is told by product', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/order/new');
  await page.locator('[name="field.number"]').fill('J-4711');
  await page.locator('[name="field.placed"]').fill(new Date().toISOString().slice(0, 10));
  await Promise.all([page.waitForURL(/\/records\/order\/rec_/), page.getByRole('button', { name: 'Save' }).first().click()]);
  const add = page.locator('.addline');
  await add.locator('[name="field.text"]').fill('Consulting');
  await add.locator('[name="field.price"]').fill('100.05');
  await add.locator('[name="field.tax"]').fill('19');
  await add.locator('[name="field.tax"]').press('Enter');
  await page.locator('.linetable').waitFor();
  assert.deepEqual(await sums(page), ['100.05 EUR', '19.01 EUR', '119.06 EUR']);
  await page.goto('/reports/sales');
  assert.match(await page.locator('.reportpart').innerText(), /Without a product/);
  await assertHolds(page, 'report-sales');
  t.diagnostic(JSON.stringify(await assertLight(page, '/reports/sales')));
  assertClean(page);
});
