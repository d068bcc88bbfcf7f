/*
 * Recipes that leave a mark where they run: so a test can see what ran, and that nothing did.
 */

/** Wraps the inside of a property list. */
export function plist(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${inside}
</dict>
</plist>
`;
}

/** A parent that runs the processor Stamp, which is beside it. */
export const downloadRecipe = plist(`	<key>Identifier</key>
	<string>com.example.download.Stamped</string>
	<key>Input</key>
	<dict>
		<key>NAME</key>
		<string>Stamped</string>
	</dict>
	<key>Process</key>
	<array>
		<dict>
			<key>Processor</key>
			<string>Stamp</string>
			<key>Arguments</key>
			<dict>
				<key>mark</key>
				<string>parent as reviewed</string>
			</dict>
		</dict>
	</array>`);

/** A child of that, in another folder or another repository. */
export const pkgRecipe = plist(`	<key>Identifier</key>
	<string>com.example.pkg.Stamped</string>
	<key>Input</key>
	<dict>
		<key>NAME</key>
		<string>Stamped</string>
	</dict>
	<key>ParentRecipe</key>
	<string>com.example.download.Stamped</string>
	<key>Process</key>
	<array>
		<dict>
			<key>Processor</key>
			<string>com.example.shared.Finish/Finish</string>
		</dict>
	</array>`);

/** The recipe that gives a shared processor its name; it does nothing itself. */
export const sharedRecipe = plist(`	<key>Identifier</key>
	<string>com.example.shared.Finish</string>
	<key>Input</key>
	<dict/>
	<key>Process</key>
	<array/>`);

/** Writes its mark, by way of a module beside it. */
export const stampProcessor = `import os
import sys

from autopkglib import Processor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stamping

__all__ = ["Stamp"]


class Stamp(Processor):
    """Leaves a mark."""

    input_variables = {"mark": {"required": True, "description": "What to write."}}
    output_variables = {}
    processor_mark = "processor as reviewed"

    def main(self):
        stamping.stamp(self.env["MARKS"], self.env["mark"])
        stamping.stamp(self.env["MARKS"], self.processor_mark)
`;

/** The module that the processor imports, of which trust info says nothing. */
export const stampingModule = `MARK = "module as reviewed"


def stamp(path, mark):
    with open(path, "a") as file:
        file.write(mark + "\\n")
        file.write(MARK + "\\n")
`;

/** Makes a package, so that a run has a result. */
export const finishProcessor = `import os

from autopkglib import Processor

__all__ = ["Finish"]


class Finish(Processor):
    """Makes a package."""

    input_variables = {}
    output_variables = {
        "pkg_path": {"description": "The package."},
        "version": {"description": "Its version."},
        "finish_summary_result": {"description": "What was made."},
    }

    def main(self):
        path = os.path.join(self.env["RECIPE_CACHE_DIR"], "Stamped-1.0.pkg")
        with open(path, "w") as file:
            file.write("a package")
        self.env["version"] = "1.0"
        self.env["pkg_path"] = path
        self.env["finish_summary_result"] = {
            "summary_text": "The following packages were built:",
            "data": {"pkg_path": path},
        }
`;

/** The files of the first repository: the parent, its processor, the module of that. */
export const firstFiles = {
  'Stamped/Stamped.download.recipe': downloadRecipe,
  'Stamped/Stamp.py': stampProcessor,
  'Stamped/stamping.py': stampingModule,
  'README.md': 'Recipes.\n',
};

/** The files of the second: the child, and the shared processor. */
export const secondFiles = {
  'Packages/Stamped.pkg.recipe': pkgRecipe,
  'Shared/Finish.recipe': sharedRecipe,
  'Shared/Finish.py': finishProcessor,
};
