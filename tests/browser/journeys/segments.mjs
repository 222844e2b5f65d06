// A segment is made of a saved view, counted with reasons, and written to by a campaign: looked at, confirmed, once to everybody.

import assert from 'node:assert/strict';
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

/** What the API makes of a session: nothing here depends on the pages of records and views, which have journeys of their own. */
async function made(page, address, body) {
  const me = await (await page.request.get('/api/v1/me')).json();
  const answer = await page.request.post(`/api/v1${address}`, { headers: { 'x-csrf-token': me.csrf }, data: body });
  assert.equal(answer.status(), 201, await answer.text());
  return answer.json();
}

for (const [scripts, javaScript] of [['with scripts', true], ['without scripts', false]]) {
  test(`a segment is counted with its reasons, and a campaign writes to everybody whom it yields, ${scripts}`, async (t) => {
    const house = await startServer({ demo: false, env: { PROBITY_SERVER__PUBLIC_URL: 'http://letters.example' } });
    t.after(() => house.stop());
    const page = await open(t, { server: house, javaScript });
    await page.goto('/sign-in');
    await signIn(page);
    const holds = async (name) => { if (javaScript) await assertHolds(page, name); };

    await page.goto('/campaigns');
    await holds('campaigns-none');
    await page.goto('/segments');
    await holds('segments-none');
    await page.goto('/');
    for (const fields of [
      { name: 'Ada Quellenbrunn', email: ['ada@quellenbrunn.example'], relation: 'customer' },
      { name: 'Bea Zirkel', email: ['bea@zirkel.example'], relation: 'customer' },
      { name: 'Cis Ohnepost', relation: 'customer' },
      { name: 'Dan Lead', email: ['dan@lead.example'], relation: 'lead' },
    ]) await made(page, '/people', { fields });
    await made(page, '/views', { kind: 'person', name: 'Customers', filter: { field: 'relation', op: 'eq', value: 'customer' } });

    await page.goto('/segments');
    await page.locator('#mailform [name=view]').selectOption({ label: 'Customers' });
    await Promise.all([page.waitForURL(/done=made/), page.locator('#mailform button.first').click()]);
    await holds('segments-list');
    await page.locator('#mailform [name=purpose]').selectOption('marketing');
    await Promise.all([page.waitForURL(/done=made/), page.locator('#mailform button.first').click()]);
    const rows = page.locator('[data-mail]');
    assert.equal(await rows.count(), 2, 'the same view, for two purposes');
    await rows.filter({ hasNotText: 'marketing' }).getByRole('link', { name: 'Customers' }).click();
    await page.waitForURL(/\/segments\/seg_/);
    let words = await main(page);
    assert.match(words, /May be reached\s+2/);
    assert.match(words, /Without an e-mail address\s+1/);
    assert.ok(words.includes('Ada Quellenbrunn') && words.includes('Bea Zirkel'));
    assert.ok(!words.includes('Cis') && !words.includes('Dan Lead'), 'who may not be reached is a number');
    await holds('segment');
    await page.goto('/segments');
    await rows.filter({ hasText: 'marketing' }).getByRole('link', { name: 'Customers' }).click();
    await page.getByText('Switch to that purpose').waitFor();
    assert.ok(!(await main(page)).includes('Ada'));

    await page.goto('/settings/mail');
    const fill = (name, value) => page.locator(`#mailform [name=${name}]`).fill(value);
    for (const [name, value] of [['address', 'desk@ours.example'], ['imap_host', 'localhost'], ['smtp_host', 'localhost'], ['since', '2026-01-01'], ['password', 'seven quiet herons']]) await fill(name, value);
    await page.locator('#mailform details summary').click();
    await fill('imap_port', '1');
    await fill('smtp_port', '1');
    await Promise.all([page.waitForURL(/done=saved/), page.locator('#mailform button[name=unchecked]').click()]);
    await page.goto('/mail/templates');
    await fill('name', 'Spring');
    await fill('subject', 'News for {{ person.name }}');
    await fill('text', 'Dear {{ person.name }},\n\nit is spring.');
    await Promise.all([page.waitForURL(/\/mail\/templates$/), page.locator('#mailform button.first').click()]);
    await page.getByText('News for {{ person.name }}').first().waitFor();

    await page.goto('/campaigns');
    await fill('name', 'Spring news');
    await holds('campaigns-form');
    await Promise.all([page.waitForURL(/\/campaigns\/cam_/), page.locator('#mailform button.first').click()]);
    words = await main(page);
    assert.ok(words.includes('Dear Ada Quellenbrunn') && words.includes('ada@quellenbrunn.example'), words);
    const [wayOut] = words.match(/\/p\/unsubscribe\/[\w-]+/) ?? [];
    assert.ok(wayOut, 'a letter of a campaign says how to get no more of them');
    await holds('campaign-draft');
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.waitForURL(/\/begin$/);
    assert.match(await main(page), /Nothing has been written yet/);
    await holds('campaign-confirm');
    await Promise.all([page.waitForURL(/\/campaigns\/cam_[^/]+$/), page.getByRole('button', { name: 'Write 2 letters' }).click()]);
    await until(page, 'done');
    words = await main(page);
    assert.match(words, /Without an e-mail address\s+1/);
    await holds('campaign-done');
    await page.goto('/mail');
    words = await main(page);
    assert.ok(words.includes('News for Ada Quellenbrunn') && words.includes('News for Bea Zirkel'), words);
    assert.equal(await page.locator('[data-mail]').count(), 2, 'one letter each');

    // Whoever reads the letter has no account here. Looking changes nothing; one press does.
    const reader = await open(t, { server: house, javaScript });
    await reader.goto(wayOut);
    if (javaScript) await assertHolds(reader, 'unsubscribe');
    await reader.getByRole('button', { name: 'Write to me no more' }).click();
    await reader.getByText('We will not write to you for marketing any more.').first().waitFor();
    if (javaScript) await assertHolds(reader, 'unsubscribed');
    const again = await fetch(house.origin + wayOut, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
    assert.equal(again.status, 200, 'a mail program clicks without a cookie (RFC 8058), and again does no harm');
    await page.goto('/people');
    await page.getByRole('link', { name: 'Ada Quellenbrunn' }).first().click();
    await page.getByRole('link', { name: 'Consent', exact: true }).click();
    await page.getByText('by the link in a letter').waitFor();
    assert.match(await main(page), /Marketing: objected/);
  });
}
