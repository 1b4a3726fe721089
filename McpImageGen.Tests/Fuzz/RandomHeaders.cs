namespace McpImageGen.Tests.Fuzz;

/// <summary>Random headers that the server, its framework, its proxies or its instrumentation read: valid, almost valid and hostile ones.</summary>
/// <param name="json">The source of random values.</param>
/// <param name="token">A valid bearer token.</param>
/// <param name="cookie">A valid cookie of a signed-in browser.</param>
public sealed class RandomHeaders(RandomJson json, string token, string cookie)
{
    private static readonly string[] Languages = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "1999-01-01", "latest", "2025-06-18, 2025-11-25"];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["Host"] = ["localhost", "127.0.0.1", "[::1]", "[::1", "::1", "img.example.com", "img.example.com:99999", "img.example.com:", ":80", "a b", "user@host", "münchen.example", "xn--",
            "xn--mnchen-3ya.example", "host:1:2", "host/path", "host?query", "%00", "..", "-", "a,b"],
        ["Forwarded"] = ["for=192.0.2.60;proto=http;by=203.0.113.43", "for=\"[2001:db8::1]:4711\"", "for=_hidden, for=unknown", "for=\"", ";;;", "host=evil.example"],
        ["X-Forwarded-For"] = ["192.0.2.1", "192.0.2.1, 198.51.100.7", "[2001:db8::1]:4711", "unknown", "192.0.2.1:99999", "256.256.256.256", "::ffff:127.0.0.1", "fe80::1%eth0", "127.0.0.1"],
        ["X-Forwarded-Host"] = ["img.example.com", "img.example.com:99999", "//evil", "a b", "a,b", "münchen.example", "[::1", "evil.example/path", "x\"><script>"],
        ["X-Forwarded-Proto"] = ["https", "http", "HTTPS", "gopher", "https, http", "javascript:", "https://"],
        ["X-Forwarded-Prefix"] = ["/img", "/img/", "//evil", "/a/../b", "img", "/%2e%2e", "/a?b", "/ä", "/a b", "\\evil"],
        ["X-Original-Host"] = ["evil.example"],
        ["Origin"] = ["null", "file://", "https://img.example.com", "http://127.0.0.1", "http://user:secret@host", "https://", "evil", "https://a b", "data:,x", "https://münchen.example"],
        ["Accept"] = ["application/json", "text/event-stream", "application/json, text/event-stream", "*/*", "text/html;q=0", ";;q=2", "application/json;q=NaN", "a/b/c", "text/event-stream;"],
        ["Accept-Encoding"] = ["gzip", "br;q=1.0, *;q=0", "identity;q=0", ";;", "gzip;q=1e999"],
        ["Accept-Language"] = ["de-CH", "*", "xx-XX-XX-XX;q=5"],
        ["Content-Type"] = ["application/json", "application/json; charset=utf-16", "application/json; charset=\"nonsense\"", "text/plain", "image/png", "multipart/form-data",
            "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "a", "application/json; charset=utf-7", "application/json,application/json"],
        ["Content-Encoding"] = ["gzip", "identity", "x", "gzip, br", "identity, identity"],
        ["Mcp-Session-Id"] = ["x", "../..", "00000000-0000-0000-0000-000000000000", "a,b"],
        ["MCP-Protocol-Version"] = Languages,
        ["Mcp-Method"] = ["tools/list", "tools/call", "initialize", "=?base64?%%?=", "=?base64?dG9vbHMvbGlzdA==?=", "TOOLS/LIST"],
        ["Mcp-Name"] = ["generate_image", "=?base64?%%?=", "=?base64?/w==?=", "../.."],
        ["Last-Event-ID"] = ["0", "-1", "x", "9223372036854775808", "00000000-0000-0000-0000-000000000000_1"],
        ["Traceparent"] = ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
            "00-00000000000000000000000000000000-0000000000000000-00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "00-x-y-z", "|abc.def."],
        ["Tracestate"] = ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a", "=,=", "a=b,a=b", "ä=ö", string.Join(',', Enumerable.Range(0, 40).Select(number => $"k{number}=v"))],
        ["Baggage"] = ["userId=alice,isProduction=false", "a=%zz", "a=%", "=", "a=b;c=d;e", "ä=ö", string.Join(',', Enumerable.Range(0, 300).Select(number => $"key{number}=value"))],
        ["Request-Id"] = ["|7e2d2f3b.1.", "x"],
        ["Correlation-Context"] = ["a=b", "a"],
        ["Range"] = ["bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1", "bytes=99999999999999999999-", "lines=1", "bytes=", "bytes=a-b"],
        ["If-Range"] = ["\"x\"", "Thu, 01 Jan 1970 00:00:00 GMT", "x"],
        ["If-Match"] = ["*", "\"x\"", "x"],
        ["If-None-Match"] = ["*", "\"x\"", "W/\"", "\"\"\"", "W/\"x\", \"y\"", "x"],
        ["If-Modified-Since"] = ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "yesterday", "1", "Thu, 99 Jan 2026 00:00:00 GMT"],
        ["If-Unmodified-Since"] = ["Thu, 01 Jan 1970 00:00:00 GMT", "x"],
        ["Cookie"] = ["a=b", "a", "=", ";;;", "a=\"", "$Version=1; a=b", "a=b; a=b; a=b"],
        ["User-Agent"] = ["curl/8", "claude-code/2.0", "() { :; }"],
        ["Referer"] = ["https://img.example.com/", "//", "javascript:alert(1)"],
        ["X-HTTP-Method-Override"] = ["DELETE"],
        ["Upgrade"] = ["websocket", "h2c"],
        ["Via"] = ["1.1 proxy"],
        ["Expect"] = ["200-ok"],
        ["Origin-Agent-Cluster"] = ["?1"],
        ["Sec-Fetch-Site"] = ["cross-site", "same-origin", "x"],
        ["Access-Control-Request-Method"] = ["POST", "x"],
    };

    private static readonly string[] Names = [.. Values.Keys];

    /// <summary>A few headers besides the authorization.</summary>
    public IEnumerable<(string Name, string Value)> Some()
    {
        for (var count = json.Chance(40) ? 0 : json.Random.Next(1, 5); count > 0; count--)
        {
            var name = json.One(Names);

            // Most requests get past the checks of their host and origin.
            if (name is "Host" or "Origin" or "Expect" && json.Chance(60))
                continue;
            for (var times = json.Chance(90) ? 1 : json.Random.Next(2, 4); times > 0; times--)
                yield return (name, name == "Cookie" && json.Chance(50) ? Damaged(cookie) : Value(name));
        }
    }

    /// <summary>An Authorization header, mostly the valid one.</summary>
    /// <returns>Its value, null for none; and whether it is valid.</returns>
    public (string? Value, bool IsValid) Authorization() => json.Random.Next(100) switch
    {
        < 88 => ("Bearer " + token, true),
        < 90 => ("bearer  " + token, true),
        < 92 => (null, false),
        < 95 => ("Bearer " + Damaged(token), false),
        _ => (json.One(["", "Bearer", "Bearer ", "Basic Og==", "Basic %", $"Bearer {token}{token}", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "Bearer eyJ.eyJ.x", "Bearer a.b.c.d.e",
            "Negotiate x", "Bearer " + Any()]), false),
    };

    private string Value(string name) => json.Random.Next(10) switch
    {
        < 6 => json.One(Values[name]),
        < 8 => Damaged(json.One(Values[name])),
        _ => Any(),
    };

    /// <summary>A value that fits no header.</summary>
    private string Any() => json.One(
    [
        "", " ", "\t", ",", new string(',', 300), new string('a', json.One([300, 4_000, 9_000])), "null", "é", "日本語", "\u0001", "a\u0000b", "\u007f", "\u202Eevil", "%00", "%", "\"", "\\",
        "${jndi:ldap://x}", "2147483648", "-1", "=?utf-8?q?x?=", json.Path(),
    ]);

    private string Damaged(string value)
    {
        var at = json.Random.Next(value.Length);
        return json.Random.Next(4) switch
        {
            0 => value[..at],
            1 => value.Insert(at, json.One([" ", ",", ";", "\"", "=", "%", "ä", "\u0001"])),
            2 => value + value,
            _ => value.Remove(at, 1),
        };
    }
}
