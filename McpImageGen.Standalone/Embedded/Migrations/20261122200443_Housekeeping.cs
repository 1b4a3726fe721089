using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace McpImageGen.Standalone.Embedded.Migrations
{
    /// <inheritdoc />
    public partial class Housekeeping : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_jobs_finished_at",
                table: "jobs",
                column: "finished_at",
                filter: "finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_image_key",
                table: "jobs",
                column: "image_key",
                filter: "image_key IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_finished_at",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_image_key",
                table: "jobs");
        }
    }
}
