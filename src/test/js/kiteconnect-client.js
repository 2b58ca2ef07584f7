// Drives the simulated exchange with the official client, unchanged but for its address.
// usage: node kiteconnect-client.js HTTP_ROOT API_KEY API_SECRET FOREIGN_TAG   (NODE_PATH names the folder with kiteconnect)
// FOREIGN_TAG is the tag of an order that another application of the same account placed: it bought one INFY in MIS.
const { KiteConnect, KiteTicker } = require("kiteconnect");

const [root, apiKey, apiSecret, foreignTag] = process.argv.slice(2);
const deadlineMillis = 30_000;

function check(condition, what) {
    if (!condition) throw new Error("expected " + what);
    console.log("ok " + what);
}

/** Logs in as a browser would: the log-in page redirects with a request token, or shows it. */
async function requestToken() {
    const page = await fetch(root + "/connect/login?v=3&api_key=" + apiKey, { redirect: "manual" });
    const location = page.headers.get("location");
    return location
        ? new URL(location).searchParams.get("request_token")
        : (await page.text()).match(/request_token">([0-9a-f]+)</)[1];
}

async function main() {
    const kite = new KiteConnect({ api_key: apiKey, root });
    const session = await kite.generateSession(await requestToken(), apiSecret);
    kite.setAccessToken(session.access_token);
    check(session.user_id.length > 0, "a session");

    const instruments = await kite.getInstruments(["NSE"]);
    const infy = instruments.find((line) => line.tradingsymbol === "INFY");
    const index = instruments.find((line) => line.tradingsymbol === "NIFTY 50");
    check(infy && Number(infy.instrument_token) === 408065, "the instrument list with INFY");

    const ticks = [];
    const updates = [];
    const ticker = new KiteTicker({
        api_key: apiKey, access_token: session.access_token, root: root.replace("http", "ws") + "/",
    });
    ticker.on("ticks", (batch) => ticks.push(...batch));
    ticker.on("order_update", (order) => updates.push(order));
    await new Promise((connected) => {
        ticker.on("connect", () => {
            const tokens = [Number(infy.instrument_token), Number(index.instrument_token)];
            ticker.subscribe(tokens);
            ticker.setMode(ticker.modeFull, tokens);
            connected();
        });
        ticker.connect();
    });

    const placed = await kite.placeOrder("regular", {
        exchange: "NSE", tradingsymbol: "INFY", transaction_type: "BUY", quantity: 1, product: "MIS",
        order_type: "MARKET", validity: "DAY", market_protection: -1, tag: "js1",
    });
    await until(() => updates.some((o) => o.order_id === placed.order_id && o.status === "COMPLETE"), "an order update");
    await until(() => ticks.some((t) => t.mode === "full" && t.tradable && t.depth.buy.length === 5), "full ticks");
    await until(() => ticks.some((t) => !t.tradable && t.exchange_timestamp), "index ticks");

    const orders = await kite.getOrders();
    const own = orders.find((o) => o.order_id === placed.order_id);
    check(own.tag === "js1" && own.status === "COMPLETE", "the order in the book, complete");
    check(own.order_type === "LIMIT" && own.price > 0 && own.market_protection === 0, "a MARKET order made LIMIT at its cap");
    check(own.tags.includes("mktp") && own.tags.includes("js1"), "the broker's tags beside its own");
    check(orders.some((o) => o.tag === foreignTag), "the order of the account's other application");
    check((await kite.getOrderHistory(placed.order_id)).length >= 5, "its history");
    check((await kite.getTrades()).filter((t) => t.order_id === placed.order_id).length === 1, "its trade");
    const bought = (await kite.getPositions()).net.find((p) => p.tradingsymbol === "INFY" && p.product === "MIS");
    check(bought.quantity === 2, "the position of both");
    await kite.convertPosition({
        exchange: "NSE", tradingsymbol: "INFY", transaction_type: "BUY", position_type: "day", quantity: 1,
        old_product: "MIS", new_product: "CNC",
    });
    const converted = (await kite.getPositions()).net.filter((p) => p.tradingsymbol === "INFY");
    check(converted.every((p) => p.quantity === 1) && converted.length === 2, "a share converted to CNC");
    const copied = await kite.placeOrder("regular", {
        exchange: "NSE", tradingsymbol: "INFY", transaction_type: "BUY", quantity: 1, product: "MIS",
        order_type: "MARKET", validity: "DAY", market_protection: -1, tag: foreignTag,
    });
    check(copied.order_id, "an order with the other application's tag");
    check((await kite.getLTP(["NSE:INFY"]))["NSE:INFY"].last_price > 0, "a last price");
    check((await kite.getQuote(["NSE:INFY"]))["NSE:INFY"].depth.buy.length === 5, "a full quote");

    const price = Math.round(infy.last_price * 0.9);
    const limit = await kite.placeOrder("regular", {
        exchange: "NSE", tradingsymbol: "INFY", transaction_type: "BUY", quantity: 2, product: "MIS",
        order_type: "LIMIT", price, validity: "DAY",
    });
    await kite.modifyOrder("regular", limit.order_id, { quantity: 3, price: price - 1, order_type: "LIMIT", validity: "DAY" });
    await kite.cancelOrder("regular", limit.order_id);
    const ended = (await kite.getOrders()).find((o) => o.order_id === limit.order_id);
    check(ended.status === "CANCELLED" && ended.quantity === 3, "an order modified and cancelled");

    const refused = await kite.placeOrder("regular", { exchange: "NSE", tradingsymbol: "NOSUCH", transaction_type: "BUY",
        quantity: 1, product: "MIS", order_type: "MARKET" }).catch((error) => error);
    check(refused.error_type === "InputException", "an InputException for an unknown symbol");

    ticker.autoReconnect(false);
    ticker.disconnect();
    console.log("all ok");
}

async function until(condition, what) {
    const end = Date.now() + deadlineMillis;
    while (!condition()) {
        if (Date.now() > end) throw new Error("no " + what + " within " + deadlineMillis + " ms");
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    console.log("ok " + what);
}

main().then(() => process.exit(0), (failure) => {
    console.error(failure);
    process.exit(1);
});
