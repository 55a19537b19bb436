import type { Actor, Role } from '../../contract/user.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly createdAt: string;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly userId: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: string;
  readonly createdAt: string;
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
  /** Serves `/api/auth/*`: sign-in, sign-out, sign-up (by invitation, or open by setting), password change. */
  handle(request: Request, clientAddress: string): Promise<Response>;
  /** A path such as `/welcome?token=...` that signs in once, within the hour; makes the first admin when there is none. */
  createSignInLink(): Promise<string>;
  /** Redeems the token: the cookies to set. */
  redeemSignInLink(token: string): Promise<{ setCookie: readonly string[] }>;
  users: {
    list(): Promise<User[]>;
    get(id: string): Promise<User>;
    create(user: { name: string; email: string; role: Role; password: string }): Promise<User>;
    /** All in one. Disabling ends the user's sign-ins and keys. Throws CONFLICT for a taken address and for the last admin. */
    update(id: string, change: UserChange): Promise<User>;
    setRole(id: string, role: Role): Promise<User>;
    setDisabled(id: string, disabled: boolean): Promise<User>;
    /** Ends the user's sign-ins, all but `keepSignIn` (an `Actor`'s `signInId`), and a lockout. */
    setPassword(id: string, password: string, keepSignIn?: string): Promise<void>;
    /** Ends a lockout after too many wrong passwords. */
    unlock(id: string): Promise<void>;
    signOutEverywhere(id: string): Promise<void>;
    remove(id: string): Promise<void>;
  };
  invitations: {
    list(): Promise<Invitation[]>;
    create(invitation: {
      email: string;
      role: Role;
      invitedBy: string;
    }): Promise<{ invitation: Invitation; path: string }>;
    revoke(id: string): Promise<void>;
  };
  keys: {
    /** Of one user, or all for null. */
    list(userId: string | null): Promise<ApiKey[]>;
    create(key: {
      name: string;
      role: Role;
      userId: string;
      expiresInDays?: number | undefined;
      /** Id of the key that asks; what it makes ends no later than itself. */
      madeWith?: string | undefined;
    }): Promise<{ apiKey: ApiKey; key: string }>;
    revoke(id: string, userId: string | null): Promise<void>;
  };
  close(): Promise<void>;
}
