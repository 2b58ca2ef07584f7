package dev.holdfast.agent.postgres;

import dev.holdfast.agent.Region;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Hosts of a region, each with its PostgreSQL behind its ports. */
final class KeptRegion implements AutoCloseable {

    private final Region region = new Region();
    private final List<Kept> hosts = new ArrayList<>();

    KeptRegion() throws IOException {}

    Kept host(String name) throws IOException, InterruptedException {
        Kept host = Kept.in(region, name);
        hosts.add(host);
        return host;
    }

    Region region() {
        return region;
    }

    @Override
    public void close() throws IOException {
        for (Kept host : hosts.reversed()) {
            host.close();
        }
        region.close();
    }
}
