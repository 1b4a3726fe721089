using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.McpApi.Application;
using McpImageGen.McpApi.Auth;
using McpImageGen.McpApi.Results;
using ModelContextProtocol.Protocol;

namespace McpImageGen.McpApi.Resources;

/// <summary>Completes the arguments of prompts and resource URIs.</summary>
internal sealed class ArgumentCompletion(JobService jobs, Caller caller)
{
    // The maximum that the protocol allows.
    private const int MaxValues = 100;

    /// <summary>Returns the models or the owner's newest job ids that start with the typed text; nothing for arguments that accept any text.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(CompleteRequestParams request, CancellationToken cancellationToken)
    {
        var values = (request.Ref, request.Argument.Name) switch
        {
            (PromptReference, "model") => ImageModel.All.Select(model => model.Name),
            (ResourceTemplateReference { Uri: JobUri.Image }, "job_id") => await IdsAsync(JobStatus.Completed, cancellationToken),
            (ResourceTemplateReference { Uri: JobUri.Job }, "job_id") => await IdsAsync(status: null, cancellationToken),
            _ => [],
        };
        string[] fitting = [.. values.Where(value => value.StartsWith(request.Argument.Value, StringComparison.OrdinalIgnoreCase))];
        return new CompleteResult { Completion = new Completion { Values = fitting, Total = fitting.Length, HasMore = false } };
    }

    private async Task<IEnumerable<string>> IdsAsync(string? status, CancellationToken cancellationToken)
    {
        var page = await jobs.ListAsync(caller.Owner, status, MaxValues, offset: 0, before: null, cancellationToken);
        return page.Jobs.Select(job => job.Id.ToString());
    }
}
