package dev.holdfast.cli;

import dev.holdfast.dashboard.Role;
import dev.holdfast.dashboard.Users;
import dev.holdfast.runtime.FolderLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "user",
        description = "Who may log in to the page. A change ends the user's sessions within a second.",
        mixinStandardHelpOptions = true)
final class UserAccounts {

    private static final String PROMPT = "--prompt";
    private static final String PROMPT_TEXT =
            "ask for the password, or read one line of standard input; without it one is made and printed once";

    /** The role of a user as the command line names it. */
    enum Rights {
        VIEWER,
        OPERATOR;

        private Role role() {
            return this == OPERATOR ? Role.OPERATOR : Role.VIEWER;
        }
    }

    @Command(description = "Shows every user.", mixinStandardHelpOptions = true)
    int list(@Mixin HomeOptions options) {
        List<Users.Known> all = new Users(Home.open(options.home()).secrets()).list();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ROLE", "STATE"));
        all.forEach(user -> rows.add(List.of(user.name(), word(user.role()), user.disabled() ? "disabled" : "")));
        options.console().result(Map.of("users", all), () -> Console.table(rows));
        return 0;
    }

    @Command(description = "Adds a user.", mixinStandardHelpOptions = true)
    int add(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer or operator")
                    Rights role,
            @Option(names = PROMPT, description = PROMPT_TEXT) boolean prompt)
            throws IOException {
        Password password = Password.of(prompt);
        change(options, users -> users.add(name, role.role(), password.text()));
        return answer(options, name, "user " + name + " added as " + word(role.role()), password);
    }

    @Command(description = "Makes a user a viewer or an operator.", mixinStandardHelpOptions = true)
    int role(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE", description = "viewer or operator") Rights role)
            throws IOException {
        change(options, users -> users.setRole(name, role.role()));
        return answer(options, name, "user " + name + " is " + word(role.role()) + " now; sessions are ended", null);
    }

    @Command(description = "Gives a user another password.", mixinStandardHelpOptions = true)
    int password(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = PROMPT, description = PROMPT_TEXT) boolean prompt)
            throws IOException {
        Password password = Password.of(prompt);
        change(options, users -> users.setPassword(name, password.text()));
        return answer(options, name, "user " + name + " has another password now; sessions are ended", password);
    }

    @Command(description = "Keeps a user from logging in, until 'user enable'.", mixinStandardHelpOptions = true)
    int disable(@Mixin HomeOptions options, @Parameters(paramLabel = "NAME") String name) throws IOException {
        change(options, users -> users.setDisabled(name, true));
        return answer(options, name, "user " + name + " is disabled; sessions are ended", null);
    }

    @Command(description = "Lets a disabled user log in again.", mixinStandardHelpOptions = true)
    int enable(@Mixin HomeOptions options, @Parameters(paramLabel = "NAME") String name) throws IOException {
        change(options, users -> users.setDisabled(name, false));
        return answer(options, name, "user " + name + " may log in again", null);
    }

    /** Two commands at once take turns, or one would undo the other's change. */
    private static void change(HomeOptions options, Consumer<Users> change) throws IOException {
        Home home = Home.open(options.home());
        try (FolderLock _ = FolderLock.take(home.state().resolve("users"))) {
            change.accept(new Users(home.secrets()));
        } catch (IllegalArgumentException refused) {
            throw Failure.usage(String.valueOf(refused.getMessage()));
        } catch (FolderLock.Taken taken) {
            throw Failure.usage("another './holdfast user' is at work on " + home.path() + "; try again");
        }
    }

    private static int answer(HomeOptions options, String name, String done, @Nullable Password password) {
        String shown = password == null || !password.made() ? "" : password.text();
        Map<String, Object> document = new LinkedHashMap<>(Map.of("ok", true, "user", name, "text", done));
        if (!shown.isEmpty()) {
            document.put("password", shown);
        }
        options.console()
                .result(document, () -> shown.isEmpty() ? done : done + "\npassword: " + shown + "   (shown once)");
        return 0;
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** @param made by us, so that the person must be told */
    private record Password(String text, boolean made) {

        private static Password of(boolean prompt) throws IOException {
            return prompt ? new Password(read(), false) : new Password(Users.randomPassword(), true);
        }

        @SuppressWarnings("SystemConsoleNull") // to NullAway it may be null
        private static String read() throws IOException {
            java.io.Console terminal = System.console();
            if (terminal != null && terminal.isTerminal()) {
                return readTwice(terminal);
            }
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
            return Optional.ofNullable(input.readLine())
                    .orElseThrow(() -> Failure.usage(PROMPT + " read no password: standard input is empty"));
        }

        private static String readTwice(java.io.Console terminal) {
            char[] first = terminal.readPassword("New password (12 to 200 characters): ");
            char[] second = terminal.readPassword("The same again: ");
            if (first == null || !Arrays.equals(first, second)) {
                throw Failure.usage("the two are not the same; nothing was changed");
            }
            return new String(first);
        }
    }
}
