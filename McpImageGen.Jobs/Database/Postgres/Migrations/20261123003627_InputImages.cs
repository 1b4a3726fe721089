using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Jobs.Database.Postgres.Migrations
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
                type: "character varying(1000)",
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
