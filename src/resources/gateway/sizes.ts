import { parseModel } from '../../contract/model-string.ts';
import type { ModelInfo } from './gateway.ts';
import { entriesOf } from './model-settings.ts';

const cautious = { contextTokens: 32_768, maxOutputTokens: 4096 };
const longContext = 128_000;

/** How much a model takes and gives: by the settings, else by the table of prices, else cautiously. */
export function sizeOf(model: string, settings: readonly string[], inTable: number | null): ModelInfo {
  const [context, output] = (entriesOf(settings)(model) ?? '').split('/').map(Number);
  const contextTokens = context || (inTable ?? (isGemini(model) ? 1_000_000 : cautious.contextTokens));
  const maxOutputTokens = Math.min(output || usualOutput(model, contextTokens), contextTokens);
  return { model, contextTokens, maxOutputTokens };
}

function isGemini(model: string): boolean {
  return /^google\/gemini-([2-9]|1\.5)/.test(model);
}

/* No table says this; more than a model gives is refused by its provider, so older families are named. */
function usualOutput(model: string, contextTokens: number): number {
  const { name } = parseModel(model);
  if (/claude-(2|3-(opus|haiku|sonnet)|instant)/.test(name)) return cautious.maxOutputTokens;
  if (/claude-3[-.]5|gemini-(1\.5|2\.0)|deepseek/.test(name)) return 8192;
  if (/gpt-4o|gpt-4\.1/.test(name)) return 16_384;
  return contextTokens > longContext ? 16_384 : cautious.maxOutputTokens;
}
