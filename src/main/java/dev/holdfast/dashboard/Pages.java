package dev.holdfast.dashboard;

import io.javalin.config.RoutesConfig;
import io.javalin.config.StaticFilesConfig;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two pages, their assets, and the libraries out of their jars. The pages hold no data, so anyone may load them. */
final class Pages {

    private static final List<String> LIBRARIES = List.of("vue", "uplot", "picocss__pico");
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final String livePage;
    private final String loginPage;

    Pages() {
        this.livePage = withLibraryVersions(read("/dashboard/index.html"));
        this.loginPage = withLibraryVersions(read("/dashboard/login.html"));
    }

    /** The live page's import map as a source for its content security policy. */
    String importMapHash() {
        Matcher matcher = IMPORT_MAP.matcher(livePage);
        if (!matcher.find()) {
            throw new IllegalStateException("dashboard/index.html has no import map");
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(matcher.group(1).getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    void addTo(RoutesConfig routes, Access access) {
        routes.get("/", context -> live(context, access), Role.ANYONE);
        routes.get("/login", context -> html(context, loginPage), Role.ANYONE);
    }

    static void addTo(StaticFilesConfig files) {
        files.add(assets -> {
            assets.hostedPath = "/assets";
            assets.directory = "/dashboard/assets";
            assets.location = Location.CLASSPATH;
            assets.headers = Map.of("Cache-Control", "no-cache");
            assets.roles = Set.of(Role.ANYONE);
        });
        files.add(libraries -> {
            libraries.hostedPath = "/webjars";
            libraries.directory = "/META-INF/resources/webjars";
            libraries.location = Location.CLASSPATH;
            // The version is in the path, so what was fetched once is right for ever.
            libraries.headers = Map.of("Cache-Control", "max-age=31536000, immutable");
            libraries.roles = Set.of(Role.ANYONE);
        });
    }

    private void live(Context context, Access access) {
        if (access.loggedIn(context.cookie(Access.COOKIE))) {
            html(context, livePage);
        } else {
            context.redirect("/login");
        }
    }

    private static void html(Context context, String page) {
        context.header("Cache-Control", "no-store").html(page);
    }

    private static String withLibraryVersions(String page) {
        String filled = page;
        for (String library : LIBRARIES) {
            filled = filled.replace("{" + library + "}", "/webjars/" + library + "/" + version(library));
        }
        return filled;
    }

    private static String version(String library) {
        Properties properties = new Properties();
        String path = "/META-INF/maven/org.webjars.npm/" + library + "/pom.properties";
        try (InputStream stream = open(path)) {
            properties.load(stream);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path + " from the class path", unreadable);
        }
        return properties.getProperty("version");
    }

    private static String read(String path) {
        try (InputStream stream = open(path)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path + " from the class path", unreadable);
        }
    }

    private static InputStream open(String path) throws IOException {
        InputStream stream = Pages.class.getResourceAsStream(path);
        if (stream == null) {
            throw new IOException("there is no such resource");
        }
        return stream;
    }
}
