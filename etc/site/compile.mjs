// Compiles what is in the folder named first, by the Python of the tab: one of another version or system would write code that it doesn't read.
import { loadPyodide } from "./node_modules/pyodide/pyodide.mjs"

const python = await loadPyodide()
python.mountNodeFS("/work", process.argv[2])
python.runPython(`
import compileall, warnings
from pathlib import Path
from py_compile import PycInvalidationMode

# Of strings in other people's code.
warnings.simplefilter("ignore")
for folder in Path("/work").iterdir():
    library = folder.name == "python_stdlib.zip"
    compileall.compile_dir(
        folder,
        stripdir=str(folder),
        prependdir="/lib/python314.zip" if library else "/lib/python3.14/site-packages",
        quiet=2,
        # Beside the source, where it's found also without that.
        legacy=not folder.name.startswith("cognito_tutorial"),
        # It's newer than nothing that could be compared with it in the tab.
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
`)
