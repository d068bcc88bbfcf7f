/** What another system says of an application, in PatchBot's words. */
export interface WantedTitle {
  /** The files of the imported folder that say so. */
  readonly from: readonly string[];
  /** The recipe or override that builds it. */
  readonly recipe: string;
  /** The name for people. */
  readonly name: string;
  readonly patch: string | 'none';
  readonly category: string;
  readonly policies: {
    readonly test?: string;
    readonly production?: string;
    readonly install?: string | 'none';
  };
  /** In days. */
  readonly soak?: number;
  /** The Self Service deadline of the production policy, in days. */
  readonly deadline?: number;
  readonly windows?: readonly string[];
}

/** Something to tell about a file of the imported folder. */
export interface Note {
  readonly file: string;
  readonly text: string;
}

/** What a conversion makes of a folder. */
export interface Converted {
  readonly titles: readonly WantedTitle[];
  /** Files that could not be carried over, and why. */
  readonly left: readonly Note[];
  /** What is carried over, but is to be looked at. */
  readonly notes: readonly Note[];
  /** Further files that were read: lists and settings. */
  readonly read?: readonly string[];
}
