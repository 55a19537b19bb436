import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy-text.ts';

interface CopyButtonProps {
  /** The text, or what makes it when it is wanted. */
  readonly text: string | (() => string);
  /** What stands on the button; without it there is only the icon, and `what` names the object. */
  readonly label?: string;
  readonly what?: string;
}

/** Copies, and says that it has. */
export function CopyButton({ text, label, what = '' }: CopyButtonProps) {
  const { t } = useTranslation('parts');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), 2000);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      px={label === undefined ? 5 : 8}
      leftSection={label === undefined ? undefined : <Icon size={14} stroke={1.75} aria-hidden="true" />}
      aria-label={label === undefined ? (copied ? t('copied') : t('copy', { what })) : undefined}
      onClick={() => void copyText(typeof text === 'string' ? text : text()).then(setCopied)}
    >
      {label === undefined ? (
        <Icon size={14} stroke={1.75} aria-hidden="true" />
      ) : copied ? (
        t('copied')
      ) : (
        label
      )}
    </Button>
  );
}
