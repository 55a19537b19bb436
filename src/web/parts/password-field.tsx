import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldError } from './field-error.tsx';

interface PasswordFieldProps extends Omit<PasswordInputProps, 'error'> {
  readonly error?: string | undefined;
}

/** A password, which can be looked at; the eye is in reach of the keyboard and says what it does. */
export function PasswordField({ error, ...rest }: PasswordFieldProps) {
  const { t } = useTranslation('signIn');
  const [visible, setVisible] = useState(false);
  return (
    <PasswordInput
      {...rest}
      error={fieldError(error)}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{
        'aria-label': t(visible ? 'hidePassword' : 'showPassword'),
        'aria-hidden': false,
        tabIndex: 0,
      }}
    />
  );
}
