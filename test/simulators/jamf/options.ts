import type { Certificate } from './border.ts';

/** How a simulated Jamf Pro is set up. What nobody has settled about the real one can be chosen. */
export interface JamfOptions {
  /** 0 (any free one) unless told. */
  port?: number;
  /** With one it listens for TLS. */
  certificate?: Certificate;
  /** Below 11.30 title configurations are v2 only, below 11.25 the inventory is refreshed by JCDS. */
  version?: string;
  clientId?: string;
  clientSecret?: string;
  /** An account for `POST /api/v1/auth/token`. */
  user?: string;
  password?: string;
  /** How long a token lives. */
  tokenSeconds?: number;
  /** What the client and the account may do; all unless told. */
  privileges?: readonly string[];
  /** The client's roles and what each may do ("api-role:1"); one with `privileges` unless told. */
  roles?: Readonly<Record<string, readonly string[] | undefined>>;
  clock?: () => Date;
  /** With two or more, a write is seen by the other nodes only later: see `lag`. */
  nodes?: number;
  /** After how many further requests (to any node) a write is seen by all nodes. */
  lag?: number;
  /** The balancer's cookie; older and premium instances of Jamf Cloud have other ones. */
  cookie?: 'jpro-ingress' | 'APBALANCEID' | 'AWSALB';
  /** Whether the classic API takes the account's name and password, as it did until 2023. */
  basicAuth?: boolean;
  /** Whether `absoluteOrderId` 1 is the newest definition or the oldest. */
  orderDirection?: 'newest-first' | 'oldest-first';
  /** Whether a patch policy's counters start again when it gets another target version. */
  counters?: 'this-version' | 'all-versions';
  /** With NONE there is nothing to compute a digest, ever. */
  distributionPoint?: 'JAMF_CLOUD' | 'NONE';
  duplicatePackageNames?: 'refused' | 'allowed';
  /** What a classic PUT of a patch policy has in its body. */
  classicPutAnswers?: 'nothing' | 'id';
  /** Whether a classic GET of a patch policy has `software_title_configuration_id`. */
  showsTitleOfPatchPolicy?: boolean;
  /** How many GETs after a PUT of a patch policy show an incomplete `user_interaction`. */
  partialReads?: number;
  /** The content types that a PATCH of a title is taken in; the schema says merge-patch alone. */
  titlePatchTypes?: readonly string[];
  /**
   * Whether requests and answers are checked against the published schemas: they are, where the
   * schemas are found. A benchmark does without.
   */
  validate?: boolean;
}
