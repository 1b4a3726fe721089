import { run } from './run.mjs';
import { authorization, url, visit } from './visit.mjs';

const curl = (...options) => run('curl', ['--silent', '--show-error', '--fail', ...options]);
const request = async (method, params) => JSON.parse(await curl(
  url, '--header', `Authorization: ${authorization}`, '--json', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).result;

const { tools } = await request('tools/list', {});
await visit({ tools, call: params => request('tools/call', params), version: (await curl('--version')).split(' ')[1] });
