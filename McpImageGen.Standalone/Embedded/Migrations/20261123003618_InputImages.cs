using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Standalone.Embedded.Migrations
{
    /// <inheritdoc />
    public partial class InputImages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "input_images",
                table: "jobs",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "input_images",
                table: "jobs");
        }
    }
}
