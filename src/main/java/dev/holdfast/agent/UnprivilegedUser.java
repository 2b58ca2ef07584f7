package dev.holdfast.agent;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The user a server runs as when the agent is root: PostgreSQL refuses root, and Redis does not need it. */
public final class UnprivilegedUser {

    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(10);

    private final String user;
    private final String group;

    private UnprivilegedUser(String user, String group) {
        this.user = user;
        this.group = group;
    }

    /**
     * The first of these users that exists, if this process is root.
     *
     * @return empty when this process is not root: then the server runs as the same user
     */
    public static Optional<UnprivilegedUser> forRoot(String... candidates) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        for (String candidate : candidates) {
            ShortCommand.Result group = ShortCommand.run(List.of("id", "-gn", candidate), LOOKUP_LIMIT);
            if (group.succeeded()) {
                return Optional.of(
                        new UnprivilegedUser(candidate, group.output().strip()));
            }
        }
        throw new IOException(
                "this machine has none of the users " + List.of(candidates)
                        + " that a server could run as; add one with 'useradd --system', or run holdfast as another user than root");
    }

    /** The command, run as this user; the process keeps its id because setpriv replaces itself. */
    public List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>(
                List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups", "--no-new-privs", "--"));
        wrapped.addAll(command);
        return wrapped;
    }

    /** Makes this user the owner. */
    public void give(Path path) throws IOException {
        UserPrincipalLookupService lookup = FileSystems.getDefault().getUserPrincipalLookupService();
        GroupPrincipal owner = lookup.lookupPrincipalByGroupName(group);
        Files.setOwner(path, lookup.lookupPrincipalByName(user));
        Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(owner);
    }

    boolean canWork(Path folder) throws IOException, InterruptedException {
        return ShortCommand.run(
                        wrap(List.of("/usr/bin/test", "-w", folder.toString(), "-a", "-x", folder.toString())),
                        LOOKUP_LIMIT)
                .succeeded();
    }

    @Override
    public String toString() {
        return user;
    }
}
