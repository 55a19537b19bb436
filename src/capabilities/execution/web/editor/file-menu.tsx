import { ActionIcon, FileButton, Menu } from '@mantine/core';
import { IconDotsVertical, IconPlus } from '@tabler/icons-react';
import { useRef, useState, type Dispatch } from 'react';
import { useTranslation } from 'react-i18next';
import { menuPlace } from '../../../../web/shell/menu-place.ts';
import { newFile } from '../draft.ts';
import { freeName, type PlaygroundAction, type PlaygroundState } from '../state/playground-state.ts';
import { readFiles } from './read-files.ts';
import { RenameDialog } from './rename-dialog.tsx';

interface FileMenuProps {
  readonly state: PlaygroundState;
  readonly dispatch: Dispatch<PlaygroundAction>;
}

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Adding files, and what can be done with the one that is shown. */
export function FileMenu({ state, dispatch }: FileMenuProps) {
  const { t } = useTranslation('playground');
  const { draft, tab } = state;
  const file = draft.files.find(({ id }) => id === tab);
  const [renaming, setRenaming] = useState(false);
  const pick = useRef<() => void>(undefined);
  const add = () => {
    const entry = draft.files.find(({ id }) => id === draft.entry)?.name ?? '';
    dispatch({ type: 'add', files: [newFile(freeName(draft.files, /\.\w+$/.exec(entry)?.[0] ?? ''))] });
    setRenaming(true);
  };
  const upload = (files: File[]) => {
    if (files.length === 0) return;
    void readFiles(files).then((read) => read.length > 0 && dispatch({ type: 'add', files: read }));
  };
  return (
    <>
      <ActionIcon variant="subtle" size={32} aria-label={t('files.add')} onClick={add}>
        <IconPlus {...icon} />
      </ActionIcon>
      <FileButton multiple onChange={upload}>
        {({ onClick }) => {
          pick.current = onClick;
          return null;
        }}
      </FileButton>
      <Menu position="bottom-end" portalProps={menuPlace} width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" size={32} aria-label={t('files.menu')}>
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={add}>{t('files.add')}</Menu.Item>
          <Menu.Item onClick={() => pick.current?.()}>{t('files.upload')}</Menu.Item>
          {file && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setRenaming(true)}>{t('files.rename')}</Menu.Item>
              <Menu.Item
                disabled={file.id === draft.entry}
                onClick={() => dispatch({ type: 'entry', file: file.id })}
              >
                {t('files.entry')}
              </Menu.Item>
              <Menu.Item
                color="bad"
                disabled={draft.files.length === 1}
                onClick={() => dispatch({ type: 'delete', file: file.id })}
              >
                {t(draft.files.length === 1 ? 'files.last' : 'files.delete')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {file && (
        <RenameDialog
          key={file.id}
          opened={renaming}
          name={file.name}
          others={draft.files.filter(({ id }) => id !== file.id).map(({ name }) => name)}
          onClose={() => setRenaming(false)}
          onRename={(name) => dispatch({ type: 'rename', file: file.id, name })}
        />
      )}
    </>
  );
}
