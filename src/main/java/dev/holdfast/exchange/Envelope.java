package dev.holdfast.exchange;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Kite's answer: {@code {"status":…,"data":…}}. */
final class Envelope {

    private static final byte[] LIST_START = "{\"status\":\"success\",\"data\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LIST_END = "]}".getBytes(StandardCharsets.UTF_8);

    private Envelope() {}

    static void success(Context context, Object data) {
        ObjectNode body = Rows.JSON.createObjectNode();
        body.put("status", "success");
        body.set("data", Rows.JSON.valueToTree(data));
        write(context, 200, body);
    }

    /** A list whose rows were rendered before: the book of a long day is not rendered anew for each read. */
    static void rows(Context context, List<byte[]> rows) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                64 + rows.stream().mapToInt(row -> row.length + 1).sum());
        body.writeBytes(LIST_START);
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(rows.get(i));
        }
        body.writeBytes(LIST_END);
        context.status(200).contentType("application/json").result(body.toByteArray());
    }

    static void error(Context context, KiteError error) {
        ObjectNode body = Rows.JSON.createObjectNode();
        body.put("status", "error");
        body.put("message", error.getMessage());
        body.putNull("data");
        body.put("error_type", error.errorType);
        write(context, error.status, body);
    }

    private static void write(Context context, int status, ObjectNode body) {
        context.status(status).contentType("application/json").result(Rows.JSON.writeValueAsBytes(body));
    }
}
