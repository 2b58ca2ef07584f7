# Sourced by ./build, ./holdfast and .ci/run: finds a JDK 25, wherever this machine keeps one.
required_jdk=25

# Each JDK says in a file what it is; asking it costs the start of a Java machine.
jdk_major() {
    said=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2> /dev/null) || true
    [ -z "$said" ] || { echo "$said"; return; }
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

# Sets JAVA_HOME, or fails.
find_jdk() {
    for candidate in "${JAVA_25_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*"$required_jdk"* "${HOME:-}"/.sdkman/candidates/java/"$required_jdk"* /Library/Java/JavaVirtualMachines/*"$required_jdk"*/Contents/Home; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] && [ "$(jdk_major "$candidate")" = "$required_jdk" ]; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    done
    return 1
}

no_jdk() {
    echo "$1: no JDK $required_jdk found. Install one (Temurin $required_jdk from https://adoptium.net, or apt install openjdk-$required_jdk-jdk-headless where apt has it), or set JAVA_25_HOME." >&2
    exit 1
}
