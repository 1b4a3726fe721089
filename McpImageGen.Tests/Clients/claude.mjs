// Connecting needs no account; to have it generate one needs one.
import { execFileSync } from 'node:child_process';
import { authorization, url, versionOf } from './visit.mjs';

const claude = (...command) => execFileSync('claude', command, { encoding: 'utf8' });

claude('mcp', 'add', '--transport', 'http', 'image-generator', url, '--header', `Authorization: ${authorization}`, '--scope', 'user');
console.log(JSON.stringify({ list: claude('mcp', 'list'), version: versionOf('@anthropic-ai/claude-code') }));
