using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.GenerationWorker.WorkersAi;
using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.Tests.WorkersAi;

/// <summary>What callers may ask for, how the worker asks Workers AI, and what the emulator takes are three tables of the same models.</summary>
public sealed class ModelTablesTests
{
    [Fact]
    public void Catalog_worker_and_emulator_have_the_same_models()
    {
        Assert.Equal(ImageModel.All.Select(model => model.Name), WorkersAiModel.All.Select(model => model.Name));
        Assert.Equal(WorkersAiModel.All.Select(model => model.Id), ModelTable.All.Select(model => model.Id));
    }

    [Fact]
    public void Worker_has_a_field_name_for_exactly_the_parameters_of_the_catalog()
    {
        string[] parameters =
        [
            ParameterName.Seed, ParameterName.Width, ParameterName.Height, ParameterName.Steps, ParameterName.NegativePrompt, ParameterName.Guidance,
        ];
        foreach (var model in ImageModel.All)
        {
            var fields = WorkersAiModel.Find(model.Name)!.Fields;
            Assert.Equal(model.Parameters.Select(parameter => parameter.Name).Order(), parameters.Where(name => fields.FieldOf(name) is not null).Order());
        }
    }

    [Fact]
    public void Emulator_accepts_every_parameter_range_of_the_catalog()
    {
        foreach (var model in ImageModel.All)
        {
            var asked = WorkersAiModel.Find(model.Name)!;
            var emulated = ModelTable.Find(asked.Id)!;
            foreach (var parameter in model.Parameters)
            {
                var field = Assert.Single([.. emulated.Fields, .. emulated.UndocumentedFields], field => field.Name == asked.Fields.FieldOf(parameter.Name));
                Assert.True(field.Minimum <= parameter.Minimum && parameter.Maximum <= field.Maximum, $"{parameter.Name} of {model.Name}");
            }

            Assert.Equal(model.InputImages, emulated.Fields.Count(field => field.Type == "image"));
        }
    }
}
