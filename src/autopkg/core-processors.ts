/**
 * The processors that come with AutoPkg 2.9 (Code/autopkglib). Trust info doesn't speak of these: AutoPkg's
 * `get_trust_info` takes every other one for a recipe repository's.
 */
const core = new Set([
  'AppDmgVersioner',
  'AppPkgCreator',
  'CURLDownloader',
  'CURLTextSearcher',
  'ChocolateyPackager',
  'CodeSignatureVerifier',
  'Copier',
  'DeprecationWarning',
  'DmgCreator',
  'DmgMounter',
  'EndOfCheckPhase',
  'FileCreator',
  'FileFinder',
  'FileMover',
  'FindAndReplace',
  'FlatPkgPacker',
  'FlatPkgUnpacker',
  'GitHubReleasesInfoProvider',
  'InstallFromDMG',
  'Installer',
  'MunkiCatalogBuilder',
  'MunkiImporter',
  'MunkiInfoCreator',
  'MunkiInstallsItemsCreator',
  'MunkiOptionalReceiptEditor',
  'MunkiPkginfoMerger',
  'MunkiSetDefaultCatalog',
  'PackageRequired',
  'PathDeleter',
  'PkgCopier',
  'PkgCreator',
  'PkgExtractor',
  'PkgInfoCreator',
  'PkgPayloadUnpacker',
  'PkgRootCreator',
  'PlistEditor',
  'PlistReader',
  'SignToolVerifier',
  'SparkleUpdateInfoProvider',
  'StopProcessingIf',
  'Symlinker',
  'URLDownloader',
  'URLDownloaderPython',
  'URLGetter',
  'URLTextSearcher',
  'Unarchiver',
  'VariableSetter',
  'Versioner',
]);

/** Whether AutoPkg brings a processor of this name, as a step writes it, along. */
export function isCoreProcessor(processor: string): boolean {
  return core.has(processor);
}
