"""The MCP server (https://modelcontextprotocol.io): what an assistant may read and change."""
