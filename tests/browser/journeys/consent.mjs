// What somebody allows: a text is written, a consent entered with it, withdrawn, told on the timeline; and the way out that a letter carries.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertHolds, open, signIn, startServer } from '../harness.mjs';

const main = (page) => page.locator('main').innerText();

for (const [scripts, javaScript] of [['with scripts', true], ['without scripts', false]]) {
  test(`a consent is entered with the words that were shown, opens a use and closes it again, ${scripts}`, async (t) => {
    const house = await startServer({ demo: false });
    t.after(() => house.stop());
    const page = await open(t, { server: house, javaScript });
    await page.goto('/sign-in');
    await signIn(page);
    const holds = async (name) => { if (javaScript) await assertHolds(page, name); };
    const me = await (await page.request.get('/api/v1/me')).json();
    const made = await page.request.post('/api/v1/people', {
      headers: { 'x-csrf-token': me.csrf },
      data: { fields: { name: 'Ada Quellenbrunn', email: ['ada@quellenbrunn.example'], relation: 'customer' } },
    });
    const ada = (await made.json()).id;

    await page.goto('/settings/privacy-notices');
    await holds('privacy-notices-none');
    await page.locator('#mailform [name=title]').fill('Newsletter');
    await page.locator('#mailform [name=text]').fill('Ours Ltd writes to you once a month about new pillows. You can take this back at any time, by the link in each letter.');
    await Promise.all([page.waitForURL(/done=saved/), page.locator('#mailform button.first').click()]);
    await holds('privacy-notices');

    await page.goto(`/people/${ada}`);
    assert.match(await page.locator('#uses').locator('xpath=../..').innerText(), /no consent given/);
    await page.getByRole('link', { name: 'Consent', exact: true }).click();
    await page.waitForURL(/\/consents\/rec_/);
    await holds('consent-none');
    const form = page.locator('#mailform');
    await form.locator('[name=purpose]').selectOption('marketing');
    await form.locator('[name=act]').selectOption('given');
    await form.locator('[name=channel]').selectOption('paper');
    await form.locator('[name=notice]').selectOption({ index: 1 });
    await Promise.all([page.waitForURL(/done=entered/), form.locator('button.first').click()]);
    const words = await main(page);
    assert.ok(words.includes('consented') && words.includes('on paper') && words.includes('Newsletter'), words);
    await holds('consent-given');
    await page.goto(`/people/${ada}`);
    assert.match(await page.locator('#uses').locator('xpath=../..').innerText(), /with consent/);
    assert.match(await page.locator('#time').innerText(), /consented/);

    // What cannot be is said beside its input, and what was typed stays.
    await page.goto(`/consents/${ada}`);
    await form.locator('[name=purpose]').selectOption('sales');
    await form.locator('[name=act]').selectOption('withdrawn');
    await form.locator('button.first').click();
    await page.getByText('Use for sales does not rest on consent').waitFor();
    assert.equal(await form.locator('[name=purpose]').inputValue(), 'sales');
    await form.locator('[name=purpose]').selectOption('marketing');
    await Promise.all([page.waitForURL(/done=entered/), form.locator('button.first').click()]);
    assert.match(await main(page), /consent withdrawn/);
    await page.goto(`/people/${ada}`);
    assert.match(await page.locator('#uses').locator('xpath=../..').innerText(), /no consent given/);
  });
}

test('an address that is not whole leads to words that help, for anybody', async (t) => {
  const house = await startServer({ demo: false });
  t.after(() => house.stop());
  const page = await open(t, { server: house });
  const answer = await page.goto('/p/unsubscribe/AAAA');
  assert.equal(answer.status(), 404);
  assert.match(await page.locator('body').innerText(), /Open the link in the letter again/);
});
