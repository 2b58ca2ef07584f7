package dev.holdfast.bench.patroni;

import dev.holdfast.runtime.Configuration.Host;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks Patroni and etcd over HTTP, as its command line does. */
final class PatroniRest implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final Duration ORDER_LIMIT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Host> nodes;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    PatroniRest(List<Host> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * A node, as the cluster knows it.
     *
     * @param role leader, sync_standby or replica
     */
    record Member(String name, String role, String state) {

        boolean runs() {
            return state.equals("running") || state.equals("streaming");
        }
    }

    /** By whichever node answers first; empty when none does. */
    List<Member> members() throws InterruptedException {
        for (Host node : nodes) {
            List<Member> members = members(node);
            if (!members.isEmpty()) {
                return members;
            }
        }
        return List.of();
    }

    private List<Member> members(Host node) throws InterruptedException {
        List<Member> members = new ArrayList<>();
        try {
            for (JsonNode each :
                    get(node, PatroniSettings.REST_PORT, "/cluster").path("members")) {
                members.add(new Member(
                        each.path("name").asString(),
                        each.path("role").asString(),
                        each.path("state").asString()));
            }
        } catch (IOException silent) {
            return List.of(); // another one knows the same
        }
        return members;
    }

    /** Whether the member of etcd on this node takes part in the majority. */
    boolean etcdIsWell(Host node) throws InterruptedException {
        try {
            return get(node, PatroniSettings.ETCD_PORT, "/health")
                    .path("health")
                    .asString()
                    .equals("true");
        } catch (IOException silent) {
            return false;
        }
    }

    /** Returns when it is done. @throws IOException if it is refused or fails */
    void switchover(Host leader) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(leader, PatroniSettings.REST_PORT, "/switchover"))
                .timeout(ORDER_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString("{\"leader\":\"" + leader.name() + "\"}"))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Patroni answered the switchover with " + answer.statusCode() + ": " + answer.body());
        }
    }

    private JsonNode get(Host node, int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(node, port, path))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (JacksonException malformed) {
            throw new IOException(request.uri() + " answered no JSON document", malformed);
        }
    }

    private static URI uri(Host node, int port, String path) {
        return URI.create("http://" + node.address() + ":" + port + path);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
