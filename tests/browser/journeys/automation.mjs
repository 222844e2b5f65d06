// Automation at its pages: a rule is made, tried, switched on and does what it says; a webhook is told, and its log says so.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { assertHolds, open, signIn, startServer } from '../harness.mjs';

const main = (page) => page.locator('main').innerText();

/** Loads the page again until it says something. */
async function until(page, words) {
  const end = Date.now() + 60_000;
  while (!(await main(page)).includes(words)) {
    assert.ok(Date.now() < end, `${page.url()} never says ${words}:\n${await main(page)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await page.reload();
  }
}

/** A server of another system, that keeps what it is told. */
async function listener(t) {
  const came = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      came.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { came, url: `http://127.0.0.1:${server.address().port}/hooks` };
}

for (const [scripts, javaScriptEnabled] of [['with scripts', true], ['without scripts', false]]) {
  test(`a rule and a webhook act on a deal that is won, ${scripts}`, async (t) => {
    const other = await listener(t);
    const house = await startServer({ demo: false });
    t.after(() => house.stop());
    const page = await open(t, { server: house, javaScript: javaScriptEnabled, tolerate: [/status of 422/] });
    await page.goto('/sign-in');
    await signIn(page);
    const fill = (name, value) => page.locator(`#mailform [name=${name}]`).fill(value);
    const choose = (name, value) => page.locator(`#mailform [name=${name}]`).selectOption(value);
    const send = () => page.locator('#mailform button.first').click();

    await page.goto('/settings/webhooks');
    if (javaScriptEnabled) await assertHolds(page, 'webhooks-none');
    await fill('name', 'Warehouse');
    await fill('url', 'nowhere');
    await send();
    await page.getByText('Write an address').first().waitFor();
    await fill('url', other.url);
    // What is folded opens where something in it is wrong.
    if (!(await page.locator('#mailform details').evaluate((details) => details.open))) await page.locator('#mailform details summary').click();
    await page.locator('#mailform [name=inside]').check();
    await send();
    await page.getByText(/^whsec_/).waitFor();
    if (javaScriptEnabled) await assertHolds(page, 'webhooks-secret');

    await page.goto('/settings/automation?kind=deal');
    if (javaScriptEnabled) await assertHolds(page, 'rules-none');
    await fill('name', 'Won deals');
    await choose('on', 'stage');
    await choose('stage', 'stage=won');
    await fill('task', 'Send the contract');
    await choose('notify', 'owner');
    await Promise.all([page.waitForURL(/done=saved/), send()]);
    assert.match(await main(page), /add the task “Send the contract”/);
    await page.getByRole('button', { name: /^Dry run/ }).click();
    await page.getByText('Nothing was done.').waitFor();
    await page.goBack();
    await Promise.all([page.waitForURL(/done=on/), page.getByRole('button', { name: /^Switch on/ }).click()]);
    const rule = new URL(page.url()).pathname;

    const made = await page.request.post('/api/v1/deals', {
      data: { fields: { name: `Pumps ${scripts}`, stage: 'won', close_reason: 'won_fit' } },
      headers: { 'x-csrf-token': await page.locator('input[name=csrf]').first().inputValue() },
    });
    assert.equal(made.status(), 201, await made.text());
    await page.goto(rule);
    await until(page, 'actions done: 2');
    if (javaScriptEnabled) await assertHolds(page, 'rule-log');
    await page.goto('/records/task');
    await until(page, 'Send the contract');
    await page.goto('/notices');
    await until(page, 'A rule tells you of');

    await page.goto('/settings/webhooks');
    await page.goto(await page.getByRole('link', { name: 'Warehouse' }).getAttribute('href'));
    await until(page, 'taken');
    if (javaScriptEnabled) await assertHolds(page, 'webhook-log');
    const deal = other.came.find((one) => one.body.type === 'record.created' && one.body.data.kind === 'deal');
    assert.ok(deal, 'the deal was told of');
    assert.match(deal.headers['webhook-signature'], /^v1,/);
    assert.ok(!JSON.stringify(deal.body).includes('Pumps'), 'no value is told');
  });
}
