import { Button, Menu, Select } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconCode,
  IconDots,
  IconFolder,
  IconLink,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../../web/parts/toast.ts';
import { menuPlace } from '../../../web/shell/menu-place.ts';
import { copyText } from '../../../web/parts/copy-text.ts';
import { draftOf, inputOf, type Draft } from './draft.ts';
import { languageTitle } from './language-title.ts';
import { linkFragment } from './program-link.ts';
import { useLanguages } from './queries.ts';
import { emptyDraft, switchLanguage } from './state/switch-language.ts';
import type { Playground } from './state/use-playground.ts';
import classes from './toolbar.module.css';

export type PlaygroundDialog = 'limits' | 'scripts' | 'code';

interface ToolbarProps {
  readonly playground: Playground;
  readonly busy: boolean;
  /** Undefined for who may not run. */
  readonly onRun: (() => void) | undefined;
  onOpen(dialog: PlaygroundDialog): void;
}

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Language, limits, what else can be done with the program, and Run. */
export function Toolbar({ playground, busy, onRun, onOpen }: ToolbarProps) {
  const { t } = useTranslation('playground');
  const limited = Object.keys(playground.state.draft.limits).length;
  return (
    <>
      <LanguageSelect playground={playground} />
      <Button
        variant="default"
        leftSection={<IconAdjustmentsHorizontal {...icon} />}
        onClick={() => onOpen('limits')}
      >
        {limited > 0 ? t('limits.some', { count: limited }) : t('limits.open')}
      </Button>
      <Button variant="default" leftSection={<IconFolder {...icon} />} onClick={() => onOpen('scripts')}>
        {t('scripts.open')}
      </Button>
      <MoreMenu playground={playground} onOpen={onOpen} />
      <Button
        leftSection={<IconPlayerPlay {...icon} />}
        loading={busy}
        disabled={onRun === undefined}
        title={onRun === undefined ? t('leadViewer') : undefined}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onClick={onRun}
      >
        {t('run')}
        <kbd className={classes.key}>{t('runKey')}</kbd>
      </Button>
    </>
  );
}

function LanguageSelect({ playground: { state, dispatch } }: { playground: Playground }) {
  const { t } = useTranslation('playground');
  const { data } = useLanguages();
  const { draft } = state;
  const offered = data?.items ?? [];
  const present = offered.find(({ name }) => name === draft.language);
  const version = present?.versions.includes(draft.version) === false ? '' : draft.version;
  const options = offered.flatMap(({ name, versions }) =>
    versions.map((each, index) => ({
      value: `${name}@${index === 0 ? '' : each}`,
      label: `${languageTitle(name)} ${each}`,
    })),
  );
  const value = `${draft.language}@${version === present?.versions[0] ? '' : version}`;
  const known = options.some((option) => option.value === value);
  const missing = { value, label: t('languageMissing', { name: languageTitle(draft.language) }) };
  return (
    <Select
      aria-label={t('language')}
      className={classes.language}
      data={known ? options : [missing, ...options]}
      value={value}
      allowDeselect={false}
      searchable
      maxDropdownHeight={420}
      error={!known && data !== undefined}
      onChange={(chosen) => {
        const [language = '', wanted = ''] = (chosen ?? '').split('@');
        dispatch(switchLanguage(state, language, wanted, offered));
      }}
    />
  );
}

function MoreMenu({ playground, onOpen }: Pick<ToolbarProps, 'playground' | 'onOpen'>) {
  const { t } = useTranslation('playground');
  const { state, dispatch } = playground;
  const copyLink = async () => {
    const fragment = await linkFragment(inputOf(state.draft) ?? inputOf({ ...state.draft, args: '' }));
    if (fragment === undefined) return toast(t('link.tooLong'));
    const copied = await copyText(`${location.origin}/playground#${fragment}`);
    return toast(copied ? t('link.copied') : t('link.notCopied'));
  };
  const offered = useLanguages().data?.items ?? [];
  const { language } = state.draft;
  const own = offered.find(({ name }) => name === language)?.examples ?? [];
  const load = (draft: Draft | undefined, name: string) => {
    if (draft) dispatch({ type: 'load', draft, base: { kind: 'example' }, name });
  };
  return (
    <>
      <Menu position="bottom-end" portalProps={menuPlace} width={260}>
        <Menu.Target>
          <Button variant="default" px={8} aria-label={t('more')}>
            <IconDots {...icon} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink {...icon} />} closeMenuOnClick onClick={() => void copyLink()}>
            {t('link.copy')}
          </Menu.Item>
          <Menu.Item leftSection={<IconCode {...icon} />} onClick={() => onOpen('code')}>
            {t('code.open')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('examples.title', { language: languageTitle(state.draft.language) })}</Menu.Label>
          {own.map(({ id, ...example }) => (
            <Menu.Item key={id} onClick={() => load(draftOf({ language, ...example }), t(`examples.${id}`))}>
              {t(`examples.${id}`)}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => load(emptyDraft(state.draft, offered), t('examples.empty'))}>
            {t('examples.empty')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
