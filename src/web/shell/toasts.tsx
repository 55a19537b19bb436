import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';
import classes from './toasts.module.css';

/** Where toasts appear: bottom right, above the bottom bar on narrow screens, at most three. */
export default function Toasts() {
  return (
    <Notifications
      classNames={{ root: classes.root ?? '', notification: classes.toast ?? '' }}
      position="bottom-right"
      limit={3}
      autoClose={6000}
      containerWidth={340}
      bottom={{ base: 64, sm: 16 }}
      pauseResetOnHover="notification"
    />
  );
}
