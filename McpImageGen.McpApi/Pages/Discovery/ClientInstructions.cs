namespace McpImageGen.McpApi.Pages.Discovery;

/// <summary>Instructions for connecting one client to this server.</summary>
/// <param name="Name">The name of the client.</param>
/// <param name="Where">Where to put the text.</param>
/// <param name="Text">The text to paste; TOKEN stands for the user's token.</param>
internal sealed record ClientInstructions(string Name, string Where, string Text)
{
    /// <summary>The instructions for all clients, for the server at this URL.</summary>
    public static IReadOnlyList<ClientInstructions> For(string server) =>
    [
        new("Claude Code", "In a terminal:", $"""
            claude mcp add --transport http image-generator {server}/mcp --header "Authorization: Bearer TOKEN"
            """),
        new("Claude Desktop", "In claude_desktop_config.json (Settings, Developer, Edit config); requires Node.js:", $$"""
            {
              "mcpServers": {
                "image-generator": {
                  "command": "npx",
                  "args": ["-y", "mcp-remote", "{{server}}/mcp", "--allow-http", "--header", "Authorization:${AUTH}"],
                  "env": { "AUTH": "Bearer TOKEN" }
                }
              }
            }
            """),
        new("Cursor", "In a project's .cursor/mcp.json, or in ~/.cursor/mcp.json for all projects:", $$"""
            {
              "mcpServers": {
                "image-generator": { "url": "{{server}}/mcp", "headers": { "Authorization": "Bearer TOKEN" } }
              }
            }
            """),
        new("VS Code", "In a project's .vscode/mcp.json:", $$"""
            {
              "servers": {
                "image-generator": { "type": "http", "url": "{{server}}/mcp", "headers": { "Authorization": "Bearer TOKEN" } }
              }
            }
            """),
        new("Codex", "In ~/.codex/config.toml, with the token in the environment variable IMAGE_GENERATOR_TOKEN:", $"""
            [mcp_servers.image-generator]
            url = "{server}/mcp"
            bearer_token_env_var = "IMAGE_GENERATOR_TOKEN"
            """),
        new("MCP Inspector", "In a terminal, to try the tools manually:", $"""
            npx @modelcontextprotocol/inspector --cli {server}/mcp --transport http --method tools/list --header "Authorization: Bearer TOKEN"
            """),
        new("Other clients", "Any client that accepts a server URL and headers, such as Better Chatbot:", $$"""
            { "url": "{{server}}/mcp", "headers": { "Authorization": "Bearer TOKEN" } }
            """),
        new("Node.js", "Any version that has fetch:", $$"""
            const response = await fetch('{{server}}/mcp', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', Authorization: 'Bearer TOKEN' },
              body: JSON.stringify({
                jsonrpc: '2.0', id: 1, method: 'tools/call',
                params: { name: 'generate_image_and_wait', arguments: { prompt: 'a lighthouse at dawn', count: 2 } },
              }),
            });
            const answer = JSON.parse((await response.json()).result.content[0].text);
            console.log(answer.results.map(result => result.image_url));
            """),
        new("Python", "Uses only the standard library:", $$$$"""
            import json, urllib.request

            request = urllib.request.Request(
                "{{{{server}}}}/mcp",
                headers={"Content-Type": "application/json", "Authorization": "Bearer TOKEN"},
                data=json.dumps({
                    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                    "params": {"name": "generate_image_and_wait", "arguments": {"prompt": "a lighthouse at dawn", "count": 2}},
                }).encode())
            answer = json.loads(json.load(urllib.request.urlopen(request))["result"]["content"][0]["text"])
            print([result["image_url"] for result in answer["results"]])
            """),
        new("curl", "In a terminal:", $$$$"""
            curl -s {{{{server}}}}/mcp -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image_and_wait","arguments":{"prompt":"a lighthouse at dawn"}}}'
            """),
    ];
}
