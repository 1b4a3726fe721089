import { execFileSync } from 'node:child_process';
import { authorization, call, linkIn, report, url } from './visit.mjs';

const curl = (...options) => execFileSync('curl', ['--silent', '--show-error', '--fail', ...options]);
const request = (method, params) => JSON.parse(curl(
  url, '--header', `Authorization: ${authorization}`, '--json', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).result;

const { tools } = request('tools/list', {});
const image_url = linkIn(request('tools/call', call));
report({ tools, image_url, image: curl(image_url), version: curl('--version').toString().split(' ')[1] });
