#!/usr/bin/env python3
"""`cpack` makes an archive and a Debian package that hold the installed tree and work where they are unpacked.

    pack_test.py CPACK BUILD_TREE SOURCE_TREE VERSION LIBDIR

Exit status 77: skipped, because this system has not the tools that make Debian packages.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

from out_of_reach import hiding

SKIPPED = 77


def run(*command):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} exits with {done.returncode}:\n{done.stdout}")
    return done.stdout


def the_file(folder, pattern):
    found = list(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"cpack made {sorted(path.name for path in folder.iterdir())}, not one {pattern}")
    return found[0]


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


def check_files(files, libdir, headers):
    """The files of a prefix: programs, libraries, both packages for those who build, and every header."""
    wanted = {"bin/paa", "include/paa.h", "include/paa/core/version.h", "share/doc/paa/LICENSE",
              *(f"{libdir}/{name}" for name in ("libpaa_capi.so", "libpaa_capi.so.0", "pkgconfig/paa.pc",
                                                "pkgconfig/paa-cpp.pc", "cmake/paa/paaConfig.cmake",
                                                "cmake/paa/paaTargets.cmake", "cmake/paa/paaCapiTargets.cmake")),
              *(f"include/{header}" for header in headers)}
    if missing := wanted - files:
        sys.exit(f"missing from the package: {sorted(missing)}")
    if not {f"{libdir}/libpaa.a", f"{libdir}/libpaa.so"} & files:
        sys.exit(f"the package has no libpaa: {sorted(files)}")
    allowed = re.compile(rf"bin/paa|include/paa(/.*)?\.h|{libdir}/libpaa(_capi)?\.(a|so[.0-9]*)|share/doc/paa/.*|"
                         rf"{libdir}/(cmake/paa|pkgconfig)/.*")
    if strange := {name for name in files if not allowed.fullmatch(name)}:
        sys.exit(f"what do these do in the package? {sorted(strange)}")


def check_control(package, version):
    field = {name: run("dpkg-deb", "-f", package, name).strip()
             for name in ("Package", "Version", "Architecture", "Depends", "Maintainer", "Description")}
    if (field["Package"], field["Version"]) != ("paa", version):
        sys.exit(f"the package calls itself {field['Package']} {field['Version']}, not paa {version}")
    if field["Architecture"] != run("dpkg", "--print-architecture").strip():
        sys.exit(f"the package is for {field['Architecture']}")
    for library in ("libc6", "libstdc++6", "libcurl", "libsentencepiece", "libpcre2"):
        if library not in field["Depends"]:
            sys.exit(f"the package does not depend on {library}: {field['Depends']}")
    if "torch" in field["Depends"] or "LD_LIBRARY_PATH" not in field["Description"] or not field["Maintainer"]:
        sys.exit(f"the control file is wrong about libtorch or names nobody: {field}")


def main():
    cpack, build, source, version, libdir = sys.argv[1:]
    if missing := [tool for tool in ("dpkg-deb", "dpkg-shlibdeps", "file") if not shutil.which(tool)]:
        print(f"skipped: no {' and no '.join(missing)} here; Debian's packages dpkg-dev and file have them")
        return SKIPPED
    headers = files_below(pathlib.Path(source, "include")) - {"paa/core/version.h.in"}
    with tempfile.TemporaryDirectory(prefix="paa-pack-") as folder:
        folder = pathlib.Path(folder)
        run(cpack, "--config", f"{build}/CPackConfig.cmake", "-B", folder / "packed")
        archive = the_file(folder / "packed", f"paa-{version}-*.tar.gz")
        package = the_file(folder / "packed", f"paa_{version}_*.deb")
        with tarfile.open(archive) as content:
            content.extractall(folder / "archive")
        run("dpkg", "-x", package, folder / "debian")
        prefixes = [folder / "archive" / archive.name.removesuffix(".tar.gz"), folder / "debian/usr"]
        for prefix in prefixes:
            check_files(files_below(prefix), libdir, headers)
            said = run(*hiding([source, build]), prefix / "bin/paa", "--version")
            if version not in said:
                sys.exit(f"the unpacked paa says {said}, not {version}")
        if files_below(folder / "debian") != {f"usr/{name}" for name in files_below(prefixes[0])}:
            sys.exit("the archive and the Debian package hold different files")
        check_control(package, version)
        print(f"{archive.name}: {archive.stat().st_size >> 20} MiB; {package.name}: {package.stat().st_size >> 20} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
