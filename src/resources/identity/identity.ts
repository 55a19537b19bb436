import type { ApiKey } from '../../contract/api-key.ts';
import type { Invitation, InvitationLook } from '../../contract/invitation.ts';
import type { NewSignInLink, SignIn, SignInLinkLook } from '../../contract/sign-in.ts';
import type { Role } from '../../contract/role.ts';
import type { Actor, User } from '../../contract/user.ts';

export interface UserChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

/** Invitation or link, before the server says what it has found ready. */
export interface LinkLook extends Omit<SignInLinkLook, 'ready'> {
  /** True when it opens an admin's account. */
  readonly ofAdmin: boolean;
}

/** What whoever opens a link types beside: all three for an account that has no password, else a new password at most. */
export interface LinkDetails {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
}

export interface WantedKey {
  readonly name: string;
  readonly role: Role;
  readonly userId: string;
  readonly expiresInDays?: number | undefined;
  /** Id of the key that asks; what it makes ends no later than itself. */
  readonly madeWith?: string | undefined;
}

/** `key` is null in place of the text when this is the answer to a repetition: the text is stored nowhere. */
export interface NewKey {
  readonly apiKey: ApiKey;
  readonly key: string | null;
  readonly replayed: boolean;
}

/** What a request brings to say who it is. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/**
 * Who may do what: users, sign-ins, API keys, invitations. The API and the CLI's local commands call it.
 * Nothing here returns a hash, and a key's text or a link's token is returned once, at its making.
 */
export interface Identity {
  /** Null when nothing was brought; UNAUTHENTICATED when what was brought is wrong, expired or revoked. */
  authenticate(credentials: Credentials): Promise<Actor | null>;
  /** Serves `/api/auth/*`: sign-in by password or link, sign-out, sign-up (by invitation, or open by setting), password change. */
  handle(request: Request, clientAddress: string): Promise<Response>;
  /** True when an admin has a password, so that somebody can sign in and invite. */
  hasAdmin(): Promise<boolean>;
  links: {
    /**
     * A path such as `/welcome?token=...` that signs in once. For the first admin it ends within the hour, and makes that
     * admin when there is none; for a user it lasts a day, asks for a new password, and ends the link before it.
     */
    create(userId?: string): Promise<NewSignInLink>;
    /** What a link is for. Changes nothing: programs that preview addresses look too. */
    look(token: string): Promise<LinkLook>;
    /** Uses the link: the cookies to set. A refused password or address leaves it as it was. */
    redeem(token: string, details?: LinkDetails): Promise<{ setCookie: readonly string[] }>;
  };
  signIns: {
    /** Latest first; `current` marks that of `signInId`. */
    list(userId: string, signInId?: string): Promise<SignIn[]>;
    /** Throws NOT_FOUND when the user has no such sign-in. */
    end(userId: string, id: string): Promise<void>;
  };
  users: {
    list(): Promise<User[]>;
    get(id: string): Promise<User>;
    /** The names of those of these ids that there are. */
    names(ids: readonly string[]): Promise<Readonly<Record<string, string>>>;
    create(user: { name: string; email: string; role: Role; password: string }): Promise<User>;
    /** All in one. Disabling ends the user's sign-ins and keys. Throws CONFLICT for a taken address and for the last admin. */
    update(id: string, change: UserChange): Promise<User>;
    setRole(id: string, role: Role): Promise<User>;
    setDisabled(id: string, disabled: boolean): Promise<User>;
    /** Ends the user's sign-ins, all but `keepSignIn` (an `Actor`'s `signInId`), and a lockout. */
    setPassword(id: string, password: string, keepSignIn?: string): Promise<void>;
    /** Ends a lockout after too many wrong passwords. */
    unlock(id: string): Promise<void>;
    /** All but `keepSignIn`, when given. */
    signOutEverywhere(id: string, keepSignIn?: string): Promise<void>;
    remove(id: string): Promise<void>;
  };
  invitations: {
    /** Open ones, and for a month those that were used, taken back, or ran out. */
    list(): Promise<Invitation[]>;
    create(invitation: {
      email: string;
      role: Role;
      invitedBy: string;
    }): Promise<{ invitation: Invitation; path: string }>;
    /** A new link for a week; the one before ends. Throws CONFLICT for one that was accepted. */
    renew(id: string): Promise<{ invitation: Invitation; path: string }>;
    look(token: string): Promise<InvitationLook>;
    /** Throws NOT_FOUND when there is none that is open or expired. */
    revoke(id: string): Promise<void>;
  };
  keys: {
    /** Of one user, or all for null. */
    list(userId: string | null): Promise<ApiKey[]>;
    create(wanted: WantedKey): Promise<{ apiKey: ApiKey; key: string }>;
    /** The same again under one key makes nothing. Throws IDEMPOTENCY_MISMATCH when it asks for something else. */
    createOnce(wanted: WantedKey, idempotencyKey: string): Promise<NewKey>;
    revoke(id: string, userId: string | null): Promise<void>;
  };
  /** Calls `heard` whenever something may have changed about who may do what, in any process. Returns how to stop. */
  onChange(heard: () => void): () => void;
  close(): Promise<void>;
}
