"""Who may do what: the functions' role, and what a person needs to run the scenarios. No wildcard
stands for more than this run's own resources.
"""

from collections.abc import Sequence
from typing import Any

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
"""Lambda, and nobody else, runs functions in the role."""

COMPLETE_CALLBACKS = (
    "lambda:SendDurableExecutionCallbackSuccess",
    "lambda:SendDurableExecutionCallbackFailure",
    "lambda:SendDurableExecutionCallbackHeartbeat",
)


def allow(actions: Sequence[str], *resources: str, **rest: Any) -> dict[str, Any]:
    """Return a statement."""
    return {"Effect": "Allow", "Action": [*actions], "Resource": [*resources], **rest}


def of_functions(functions: str, log_group: str) -> dict[str, Any]:
    """Return what the functions may do; `functions` is the ARN of all of them, with `*`."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            allow(("logs:CreateLogStream", "logs:PutLogEvents"), f"{log_group}:*"),
            allow(
                ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"),
                functions,
            ),
            allow(("lambda:InvokeFunction",), functions),
            allow(COMPLETE_CALLBACKS, functions),
        ],
    }


def of_deployer(functions: str, log_group: str, role: str, repository: str) -> dict[str, Any]:
    """Return what the credentials must allow with which the target is used."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            allow(("sts:GetCallerIdentity", "ecr:GetAuthorizationToken"), "*"),
            allow(
                (
                    *("ecr:CreateRepository", "ecr:DeleteRepository", "ecr:TagResource"),
                    *("ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload"),
                    *("ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"),
                    # Lambda reads the image, and asks for leave to go on doing so.
                    *("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                    *("ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy"),
                ),
                repository,
            ),
            allow(
                (
                    *("iam:CreateRole", "iam:DeleteRole", "iam:TagRole"),
                    *("iam:PutRolePolicy", "iam:DeleteRolePolicy"),
                ),
                role,
            ),
            allow(
                ("iam:PassRole",),
                role,
                Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            ),
            allow(
                (
                    *("logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:TagResource"),
                    "logs:PutRetentionPolicy",
                ),
                log_group,
                f"{log_group}:*",
            ),
            allow(
                (
                    *("lambda:CreateFunction", "lambda:DeleteFunction", "lambda:TagResource"),
                    *("lambda:GetFunction", "lambda:GetFunctionConfiguration"),
                    *("lambda:PublishVersion", "lambda:InvokeFunction"),
                    *("lambda:GetDurableExecution", "lambda:GetDurableExecutionHistory"),
                    *("lambda:ListDurableExecutionsByFunction", "lambda:StopDurableExecution"),
                    *COMPLETE_CALLBACKS,
                ),
                functions,
            ),
        ],
    }
