// Dashboards: composed by keyboard and without scripts, shown on Home, and taken away again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

const titles = async (page) => (await page.locator('.tile h2').allInnerTexts()).map((text) => text.trim());

test('a dashboard is composed of reports and views, and stands on Home', async (t) => {
  const page = await signedIn(t, { tolerate: [/status of 422/] });
  // A view to show.
  await page.goto('/records/task');
  await page.locator('details.views > summary').click();
  await page.locator('#view-name').fill('All tasks');
  await Promise.all([page.waitForURL(/view=vie_/), page.locator('.views button[value=new]').click()]);
  await page.goto('/reports');
  await page.getByRole('link', { name: 'Dashboards' }).click();
  await assertHolds(page, 'dashboards');
  await page.locator('input[name=name]').fill('Monday morning');
  await page.locator('input[name=name]').press('Enter');
  await page.waitForURL(/\/dashboards\/das_.*compose/);
  const address = page.url().split('?')[0];
  for (const [show, period] of [['by_month', 'this_year'], ['win_rate', 'months12'], ['forecast', 'months12'], ['sales', 'days30']]) {
    await page.locator('select[name=show]').selectOption(show);
    await page.locator('select[name=period]').selectOption(period);
    await page.getByRole('button', { name: 'Add tile' }).press('Enter');
    await page.waitForURL(/#tile-/);
    await page.goto(`${address}?compose=yes`);
  }
  assert.deepEqual(await titles(page), ['Won and lost by month', 'Win rate', 'Forecast', 'Sales by product']);
  await page.locator('select[name=show]').selectOption('view_rows');
  await page.getByRole('button', { name: 'Add tile' }).click();
  await page.getByText('Choose which saved view it shows').waitFor();
  await page.locator('select[name=view]').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Add tile' }).click();
  await page.waitForURL(/#tile-4/);

  // Without scripts the same buttons move and remove.
  const bare = await open(t, { signedIn: true, javaScript: false });
  await bare.goto(`${address}?compose=yes`);
  await bare.getByRole('button', { name: 'Move up: Forecast' }).click();
  await bare.getByRole('button', { name: 'Remove: Sales by product' }).click();
  assert.deepEqual((await titles(bare)).slice(0, 3), ['Won and lost by month', 'Forecast', 'Win rate']);
  assert.equal((await titles(bare)).length, 4);
  await page.goto(`${address}?compose=yes`);
  await assertHolds(page, 'dashboard-composed');
  await page.getByRole('link', { name: 'Done' }).click();
  await assertHolds(page, 'dashboard');
  t.diagnostic(JSON.stringify(await assertLight(page, address)));
  await page.getByRole('button', { name: 'Show on Home' }).click();
  await page.goto('/');
  await page.getByRole('heading', { name: 'Monday morning' }).waitFor();
  await assertHolds(page, 'home-with-dashboard');
  await page.goto(`${address}?compose=yes`);
  await page.getByRole('button', { name: 'Delete dashboard' }).click();
  await page.getByText('The dashboard was deleted').waitFor();
  await page.goto('/');
  assert.equal(await page.getByRole('heading', { name: 'Monday morning' }).count(), 0);
  assertClean(page);
});
