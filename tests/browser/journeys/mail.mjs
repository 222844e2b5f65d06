// Mail, both ways, at its pages: an account of real servers, a message comes in, is answered, and the answer arrives.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { assertHolds, open, signIn, startServer } from '../harness.mjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const root = join(here, '../../..');
const python = join(process.env.PROBITY_JUDGES ?? join(root, 'target/judges'), 'bin/python');
const installed = existsSync(python) && ['/usr/sbin/dovecot', '/usr/bin/dovecot'].some((file) => existsSync(file));
const main = (page) => page.locator('main').innerText();

/** Dovecot and a mail server, see tests/mail/servers.py; they end with their input. */
let servers;
async function started() {
  if (servers) return servers;
  const child = spawn(python, [join(root, 'tests/mail/servers.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await new Promise((resolve) => createInterface(child.stdout).once('line', (line) => resolve([line])));
  servers = { ...JSON.parse(line), child };
  return servers;
}
after(() => servers?.child.stdin.end());

/** The messages of somebody's mailbox. */
async function mailbox(of) {
  const found = [];
  for (const part of ['new', 'cur']) {
    const folder = join((await started()).folder, 'mail', of, part);
    if (existsSync(folder)) for (const file of await readdir(folder)) found.push(await readFile(join(folder, file), 'utf8'));
  }
  return found;
}

/** Loads the page again until it says something. */
async function until(page, words) {
  const end = Date.now() + 60_000;
  while (!(await main(page)).includes(words)) {
    assert.ok(Date.now() < end, `${page.url()} never says ${words}:\n${await main(page)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await page.reload();
  }
}

const skip = installed || process.env.CI ? false : 'dovecot-imapd or target/judges is missing';

for (const [scripts, javaScriptEnabled] of [['with scripts', true], ['without scripts', false]]) {
  test(`a message comes in, is answered, and the answer arrives, ${scripts}`, { skip }, async (t) => {
    const mail = await started();
    const house = await startServer({ demo: false });
    t.after(() => house.stop());
    const page = await open(t, { server: house, javaScript: javaScriptEnabled, tolerate: [/status of 422/] });
    await page.goto('/sign-in');
    await signIn(page);

    await page.goto('/settings/mail');
    if (javaScriptEnabled) await assertHolds(page, 'mail-accounts-none');
    const fill = (name, value) => page.locator(`#mailform [name=${name}]`).fill(value);
    await fill('address', 'desk@ours.example');
    await fill('name', 'Desk');
    await fill('imap_host', 'localhost');
    await fill('smtp_host', 'localhost');
    await fill('since', '2026-01-01');
    await page.locator('#mailform details summary').click();
    await fill('imap_port', String(mail.imap));
    await fill('smtp_port', String(mail.smtp));
    await fill('ca', mail.ca);
    await fill('password', 'wrong');
    await page.locator('#mailform button.first').click();
    await page.getByText('The server refuses the login').first().waitFor();
    if (javaScriptEnabled) await assertHolds(page, 'mail-account-refused');
    await fill('password', mail.password);
    await Promise.all([page.waitForURL(/done=saved/), page.locator('#mailform button.first').click()]);

    const subject = `Question ${scripts}`;
    const letter = `From: Ada Quellenbrunn <ada@quellenbrunn.example>\r\nTo: desk@ours.example\r\nSubject: ${subject}\r\nMessage-ID: <${scripts.replace(' ', '-')}@quellenbrunn.example>\r\n\r\nWhat does it cost?\r\n`;
    const inbox = join(mail.folder, 'mail/desk@ours.example/new');
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, `1790000000.${Date.now()}.test`), letter);
    await page.goto('/settings/mail');
    await page.getByRole('button', { name: /^Fetch now/ }).click();
    await page.goto('/settings/mail');
    await until(page, 'works');
    if (javaScriptEnabled) await assertHolds(page, 'mail-accounts');

    await page.goto('/records/message');
    await until(page, subject);
    await page.goto(await page.locator('a', { hasText: subject }).first().getAttribute('href'));
    const reply = page.getByRole('link', { name: 'Reply' });
    if (javaScriptEnabled) await assertHolds(page, 'message-reply');
    await page.goto(await reply.getAttribute('href'));
    assert.equal(await page.locator('[name=to]').inputValue(), 'Ada Quellenbrunn <ada@quellenbrunn.example>');
    assert.equal(await page.locator('[name=subject]').inputValue(), `Re: ${subject}`);
    if (javaScriptEnabled) await assertHolds(page, 'mail-write');
    await page.locator('[name=text]').fill(`Nine pounds, ${scripts}.`);
    await Promise.all([page.waitForURL(/\/mail\?done=queued/), page.locator('#mailform button.first').click()]);
    await page.goto('/mail');
    await until(page, 'Sent message');
    if (javaScriptEnabled) await assertHolds(page, 'mail-outbox');
    const arrived = (await mailbox('ada@quellenbrunn.example')).filter((one) => one.includes(`Nine pounds, ${scripts}`));
    assert.equal(arrived.length, 1);
    assert.match(arrived[0], new RegExp(`In-Reply-To: <${scripts.replace(' ', '-')}@quellenbrunn.example>`));
  });
}
