// Reports: what they show at every width, that their charts have words, and that rates bring currencies together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

test('the forecast leads from the rail through every report, and each holds', async (t) => {
  const page = await signedIn(t);
  await page.goto('/');
  await page.locator('nav.rail [data-nav=reports]:visible').click();
  await page.getByRole('heading', { name: 'Forecast' }).waitFor();
  assert.ok((await page.locator('.reportparts svg[role=img]').count()) > 0);
  assert.ok((await page.locator('.reportparts table.numbers').count()) > 0, 'behind a chart stands its table');
  await assertHolds(page, 'report-forecast');
  for (const [name, address] of [['Funnel', 'funnel'], ['Results', 'results'], ['Activity', 'activity'], ['Cohorts', 'cohorts']]) {
    await Promise.all([page.waitForURL(new RegExp(`/reports/${address}`)), page.locator('.tabs').getByRole('link', { name }).click()]);
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
    await assertHolds(page, `report-${address}`);
  }
  t.diagnostic(JSON.stringify(await assertLight(page, '/reports/forecast')));
  assertClean(page);
});

test('what is asked of a report stands in its address, by keyboard and without scripts', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false });
  await page.goto('/reports/results');
  await page.locator('select[name=by]').selectOption('reason');
  await page.locator('input[name=from]').fill('2020-01-01');
  await page.locator('.asking button').press('Enter');
  await page.waitForURL(/by=reason/);
  assert.equal(await page.locator('select[name=by]').inputValue(), 'reason');
  await page.goto('/reports/results?by=month&from=2026-05-01&to=2026-01-01');
  assert.match(await page.locator('.notice').first().innerText(), /after the last/);
});

test('currencies stand side by side until the house enters their rates', async (t) => {
  const page = await signedIn(t);
  await page.goto('/reports/forecast');
  const each = await page.locator('.currencies a').allInnerTexts();
  assert.ok(each.length > 1, 'the demonstration has several');
  await page.goto('/settings/rates');
  await page.locator('input[name=currency]').first().fill('EUR');
  await page.locator('form[action="/settings/rates/currency"] button').click();
  for (const [n, currency] of each.filter((one) => one !== 'EUR').entries()) {
    await page.locator('input[name=of]').fill(currency);
    await page.locator('input[name=rate]').fill(`0.${n + 5}`);
    await page.locator('input[name=day]').fill('2026-01-01');
    await Promise.all([page.waitForURL(/done=saved/), page.getByRole('button', { name: 'Enter a rate' }).click()]);
    await page.locator('tbody th', { hasText: currency }).waitFor();
  }
  await assertHolds(page, 'settings-rates');
  await page.goto('/reports/forecast');
  assert.equal(await page.locator('.currencies [aria-current]').innerText(), 'All in EUR');
  assert.match(await page.locator('.foot').innerText(), /Converted: 1 [A-Z]{3} = 0\.\d EUR/);
  assertClean(page);
});
