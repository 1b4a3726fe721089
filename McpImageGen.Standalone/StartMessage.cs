namespace McpImageGen.Standalone;

/// <summary>The message shown after the start: the server's address, how to connect a client, and where images come from.</summary>
internal static class StartMessage
{
    public static string Of(StandaloneServer server)
    {
        var mcp = server.Address + "/mcp";
        var token = server.TokenPlace is null ? server.Token : "TOKEN";
        return $$$$"""

            McpImageGen is ready.

              MCP endpoint  {{{{mcp}}}}
              Bearer token  {{{{server.TokenPlace ?? token}}}}
              Images from   {{{{ImageSource(server)}}}}
              Data folder   {{{{server.Data.Path}}}}
              Images in     {{{{server.Data.ImagesFolder}}}}

            Claude Code:

              claude mcp add --transport http image-generator {{{{mcp}}}} --header "Authorization: Bearer {{{{token}}}}"

            Cursor (.cursor/mcp.json):

              { "mcpServers": { "image-generator": { "url": "{{{{mcp}}}}", "headers": { "Authorization": "Bearer {{{{token}}}}" } } } }

            VS Code (.vscode/mcp.json):

              { "servers": { "image-generator": { "type": "http", "url": "{{{{mcp}}}}", "headers": { "Authorization": "Bearer {{{{token}}}}" } } } }

            curl:

              curl -s {{{{mcp}}}} -H "Authorization: Bearer {{{{token}}}}" -H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image_and_wait","arguments":{"prompt":"a lighthouse at dawn"}}}'

            Press Ctrl-C to stop the server.

            """;
    }

    private static string ImageSource(StandaloneServer server) => server.Emulator is null
        ? "Cloudflare Workers AI"
        : """
          the built-in emulator: SAMPLE IMAGES, NOT AI. For AI images, set
                            WorkersAi__AccountId and WorkersAi__ApiToken and restart.
          """;
}
