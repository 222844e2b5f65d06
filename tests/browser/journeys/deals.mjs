// Deals: pipelines made at a page, a board of one pipeline with what is likely and what rots, winning and losing with a reason.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

test('a pipeline is made at its page and is a board at once', async (t) => {
  const page = await signedIn(t, { tolerate: [/status of 422/] });
  await page.goto('/settings/sales');
  await assertHolds(page, 'settings-sales');
  await page.locator('form[action="/settings/sales"] input[name=label]').fill('Renewals');
  await Promise.all([page.waitForURL(/pipelines\/renewals/), page.getByRole('button', { name: 'Add a pipeline' }).click()]);
  await page.locator('input[name=stage_label]').first().fill('Due');
  await page.locator('input[name=rots_after]').first().fill('many');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await page.getByText('Write the days as a whole number').waitFor();
  assert.equal(await page.locator('input[name=stage_label]').first().inputValue(), 'Due', 'what was typed is kept');
  await page.locator('input[name=rots_after]').first().fill('20');
  await page.locator('input[name=stage_label]').nth(4).fill('Escalated');
  await Promise.all([page.waitForURL(/moved=/), page.locator('button[name=move][value="1.up"]').click()]);
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? ''), /In talks/, 'the focus stays with what was moved');
  await assertHolds(page, 'settings-pipeline');
  await page.getByRole('link', { name: 'Its board' }).click();
  await page.waitForURL(/board\.stage\.renewals/);
  assert.deepEqual(await page.locator('.board-column h2').allInnerTexts(), ['In talks', 'Due', 'Won', 'Lost', 'Escalated']);
  await page.getByRole('link', { name: 'Board: Sales' }).click();
  await page.locator('.board-summary').waitFor();
  assert.match(await page.locator('.board-summary').innerText(), /likely/);
  await assertHolds(page, 'deals-board');
  t.diagnostic(JSON.stringify(await assertLight(page, '/records/deal?as=board.stage')));
  assertClean(page);
});

test('who loses a deal is asked why, on the board and on its page, by keyboard and without scripts', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false });
  await page.goto('/records/deal?as=board.stage');
  await page.locator('[data-column=talk] [data-open]').first().click();
  await page.waitForURL(/\/records\/deal\/rec_/);
  const name = (await page.locator('h1').innerText()).trim();
  assert.equal(await page.locator('.stagesteps [aria-current=step]').innerText(), 'Talk');
  await page.locator('.stageline button', { hasText: 'Lost' }).press('Enter');
  await page.getByRole('heading', { name: `Why was ${name} lost?` }).waitFor();
  await page.locator('select[name=reason]').selectOption('lost_price');
  await page.locator('textarea[name=words]').fill('They had no budget left.');
  await Promise.all([page.waitForURL(/saved=/), page.getByRole('button', { name: 'Lost', exact: true }).click()]);
  assert.match(await page.locator('.stageline').innerText(), /Lost on .*: Too expensive/);
  const script = await signedIn(t);
  await script.goto(page.url());
  await assertHolds(script, 'deal');
  await script.goto('/records/deal?as=board.stage');
  const card = script.locator('[data-column=offer] [data-card]').first();
  await card.dragTo(script.locator('[data-column=won]'));
  await script.getByRole('heading', { name: /^Why was .* won\?$/ }).waitFor();
  await assertHolds(script, 'deal-closing');
  await script.locator('select[name=reason]').selectOption('won_trust');
  await Promise.all([script.waitForURL(/moved=/), script.getByRole('button', { name: 'Won', exact: true }).click()]);
  await script.locator('[data-column=won] [autofocus]').waitFor();
  assertClean(script);
});
