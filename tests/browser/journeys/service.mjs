// Service targets: set at their page, shown on a case with why, paused while one waits, counted in a report; and what a customer bought.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

test('targets are set by keyboard without scripts, and a refusal keeps what was typed', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false, tolerate: [/status of 422/] });
  await page.goto('/settings/service');
  await page.locator('input[name=reply_urgent]').fill('soon');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('such as 1:30').first().waitFor();
  assert.equal(await page.locator('input[name=reply_urgent]').inputValue(), 'soon');
  await page.locator('input[name=reply_urgent]').fill('0:30');
  await page.locator('input[name=always][value=urgent]').check();
  await page.locator('textarea[name=holidays]').fill('2026-12-24');
  await Promise.all([page.waitForURL(/done=saved/), page.getByRole('button', { name: 'Save' }).click()]);
  assert.match(await page.locator('#before ~ p').first().innerText(), /Version 1/);
  const script = await signedIn(t);
  await script.goto('/settings/service');
  await assertHolds(script, 'settings-service');
});

test('a case says how long is left and why, stands still while one waits, and is counted', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/case/new');
  await page.locator('input[name="field.title"]').fill('The kiln will not heat');
  await page.locator('select[name="field.status"]').selectOption('open');
  await page.locator('select[name="field.priority"]').selectOption('urgent');
  await Promise.all([page.waitForURL(/\/records\/case\/rec_/), page.locator('main').getByRole('button', { name: /Save|Create/ }).first().click()]);
  const clock = page.locator('.clock');
  assert.match(await clock.innerText(), /left, due/);
  await clock.locator('summary').click();
  await clock.getByText('a first answer within 30 min').waitFor();
  await assertHolds(page, 'case-clock');
  const address = new URL(page.url()).pathname;
  t.diagnostic(JSON.stringify(await assertLight(page, address)));
  await page.goto(`${address}/edit`);
  await page.locator('select[name="field.status"]').selectOption('waiting');
  await Promise.all([page.waitForURL(/saved=/), page.locator('main').getByRole('button', { name: /Save/ }).first().click()]);
  assert.match(await page.locator('.clock').innerText(), /Waiting for the customer/);
  await assertHolds(page, 'case-clock-paused');
  await page.goto('/records/case');
  await page.getByText('Paused').first().waitFor();
  await assertHolds(page, 'cases');
  await page.goto('/reports/service');
  await page.getByRole('heading', { name: 'Service', exact: true, level: 1 }).waitFor();
  await assertHolds(page, 'report-service');
  assertClean(page);
});

test('what a customer bought stands on their page', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/order');
  await page.locator('main table a[href^="/people/"]').first().click();
  await page.waitForURL(/\/people\/rec_/);
  await page.getByRole('heading', { name: 'Purchases' }).waitFor();
  await assertHolds(page, 'purchases');
  assertClean(page);
});
