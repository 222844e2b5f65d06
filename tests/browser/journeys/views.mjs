// Lists as people arrange them: columns, conditions in groups, saved views; many records changed by one decision.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signedIn } from '../harness.mjs';

const heads = (page) => page.locator('table.list thead th').allInnerTexts();
const menu = (page, name) => page.locator(`details.${name} > summary`).click();

test('columns and conditions are chosen, saved as a view, and the list opens with it', async (t) => {
  const page = await signedIn(t);
  await page.goto('/companies');
  await menu(page, 'columns');
  await assertHolds(page, 'list-columns');
  const first = page.locator('.column-list li').first();
  const label = (await first.innerText()).trim().split('\n')[0];
  await page.locator('.column-list button[name=later]').first().press('Enter');
  await page.waitForURL(/columns=/);
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? ''), new RegExp(label), 'the focus returns to what was moved');
  const before = await heads(page);
  await menu(page, 'columns');
  await menu(page, 'filter');
  await page.locator('.conditions select[name=field]').first().selectOption('created');
  await page.locator('.conditions select[name=op]').first().selectOption('ge');
  await page.locator('.conditions input[name=value]').first().fill('2020-01-01');
  await page.locator('.filter .folded summary').click();
  const group = page.locator('.filter .folded .conditions');
  await group.locator('select[name=field]').first().selectOption('name');
  await group.locator('select[name=op]').first().selectOption('contains');
  await group.locator('input[name=value]').first().fill('gmbh');
  await group.locator('select[name=field]').nth(1).selectOption('name');
  await group.locator('select[name=op]').nth(1).selectOption('contains');
  await group.locator('input[name=value]').nth(1).fill('ltd');
  await assertHolds(page, 'list-filter');
  await page.locator('.filter .acts .button.first').click();
  await page.waitForURL(/query=/);
  assert.ok(!page.url().includes('gmbh'), 'a sealed word never stands in the address');
  assert.equal(await page.locator('form.set button').count(), 2);
  await menu(page, 'views');
  await page.locator('#view-name').fill('Limited companies');
  await page.locator('input[name=first_for_me]').check();
  await assertHolds(page, 'list-views');
  await page.locator('.views button[value=new]').click();
  await page.waitForURL(/view=vie_/);
  await page.goto('/companies');
  assert.deepEqual(await heads(page), before, 'the list opens with it');
  assert.equal(await page.locator('.tabs a[aria-current]').innerText(), 'Limited companies');
  await assertHolds(page, 'list-view');
  t.diagnostic(JSON.stringify(await assertLight(page, '/companies')));
  await menu(page, 'views');
  await page.locator('.views .folded summary').click();
  await Promise.all([page.waitForURL(/view=all/), page.locator('.views button[value=delete]').click()]);
  assertClean(page);
});

test('rows are chosen by keys, previewed by reason and changed', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/deal');
  for (const key of ['j', 'x', 'j', 'j', 'Shift+X']) await page.keyboard.press(key);
  assert.equal(await page.locator('input[name=chosen]:checked').count(), 3);
  assert.match(await page.locator('[data-say]').innerText(), /3 chosen/);
  await assertHolds(page, 'list-chosen');
  await page.locator('[data-with-chosen]').click();
  await page.waitForURL(/\/bulk\/blk_/);
  await page.locator('form select[name=field]').selectOption('stage');
  await page.getByRole('button', { name: 'Choose this field' }).click();
  await page.waitForURL(/field=stage/);
  await assertHolds(page, 'bulk-acts');
  await page.locator('select[name="field.stage"]').selectOption('talk');
  await page.locator('button[value=set]').click();
  await page.getByText('Stage becomes Talk').waitFor();
  await assertHolds(page, 'bulk-preview');
  await page.locator('form[action$="/run"] button').click();
  await page.getByRole('heading', { name: 'What came of it' }).waitFor();
  await assertHolds(page, 'bulk-done');
});

test('without scripts rows are ticked and all that match are chosen', async (t) => {
  const page = await open(t, { signedIn: true, javaScript: false });
  await page.goto('/records/task');
  await page.locator('input[name=chosen]').first().check();
  await page.locator('[data-with-chosen]').click();
  await page.waitForURL(/\/bulk\/blk_/);
  assert.match(await page.locator('h1').innerText(), /^1 chosen/);
  await page.goto('/records/task');
  await page.locator('#bulk button[name=all]').click();
  await page.waitForURL(/\/bulk\/blk_/);
  assert.ok(Number((await page.locator('h1').innerText()).split(' ')[0]) > 1);
});

test('a list becomes a board; a card is moved by m and by dragging', async (t) => {
  const page = await signedIn(t);
  await page.goto('/records/deal');
  await page.locator('.layouts a').nth(1).click();
  await page.waitForURL(/as=board\.stage/);
  await assertHolds(page, 'board');
  t.diagnostic(JSON.stringify(await assertLight(page, '/records/deal?as=board.stage')));
  const cards = (key) => page.locator(`[data-column=${key}] [data-card]`);
  const lead = await cards('lead').count(), offer = await cards('offer').count();
  await cards('lead').first().locator('[data-open]').focus();
  await page.keyboard.press('m');
  await Promise.all([page.waitForURL(/moved=rec_/), page.locator('[data-column=lead] .moves[open] button', { hasText: 'Offer' }).click()]);
  assert.deepEqual([await cards('lead').count(), await cards('offer').count()], [lead - 1, offer + 1]);
  const name = await cards('offer').first().locator('[data-open]').innerText();
  const [from, to] = [await cards('offer').first().boundingBox(), await page.locator('[data-column=talk] header').boundingBox()];
  await page.mouse.move(from.x + from.width - 20, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + 30, { steps: 8 });
  await page.mouse.up();
  await page.waitForFunction(() => /Talk/.test(document.querySelector('[data-say]').textContent));
  assert.equal((await page.locator('[data-say]').textContent()).trim(), `${name.trim()}: Talk`);
  assert.equal(await cards('offer').count(), offer);
  assertClean(page);
});
