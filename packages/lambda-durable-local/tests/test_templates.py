"""Functions read from SAM and CloudFormation templates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lambda_durable_local.errors import TemplateError
from lambda_durable_local.functions import LocalFunction, Logging
from lambda_durable_local.templates import read_templates

Read = Callable[..., dict[str, LocalFunction]]

HEAD = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Handler: app.handler
    CodeUri: src/
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a template's text, in a folder with src/app.py."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("handler = None\n")

    def run(text: str, **options: Any) -> dict[str, LocalFunction]:
        path = tmp_path / "template.yaml"
        path.write_text(text)
        return {each.name: each for each in read_templates([path], **options)}

    return run


def test_a_function_has_what_its_properties_say(read: Read, tmp_path: Path) -> None:
    functions = read("""
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: orders-prod
      Handler: app.handler
      Runtime: python3.12
      CodeUri: ./src
      Timeout: 30
      MemorySize: 512
      DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 7}
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG}
      ReservedConcurrentExecutions: 2
      Environment:
        Variables: {NUMBER: 1, FLAG: true, TEXT: a b}
""")
    function = functions["orders-prod"]
    assert (function.timeout, function.memory_mb, function.concurrency) == (30, 512, 2)
    assert (function.durable, function.execution_timeout, function.retention_days) == (
        True,
        3600,
        7,
    )
    assert function.logging == Logging("JSON", "DEBUG")
    assert function.environment == {"NUMBER": "1", "FLAG": "true", "TEXT": "a b"}
    assert (function.runtime, function.handler) == ("python3.12", "app.handler")
    assert function.target.folder == tmp_path / "src"
    assert function.target.file == tmp_path / "src" / "app.py"
    spec = function.spec(durable=True)
    assert (spec.execution_timeout, spec.retention_days) == (3600, 7)


def test_what_is_missing_is_as_in_lambda(read: Read) -> None:
    functions = read(HEAD + "Resources: {Plain: {Type: AWS::Serverless::Function}}\n")
    function = functions["Plain"]
    assert (function.timeout, function.memory_mb, function.durable) == (3, 128, False)
    assert (function.execution_timeout, function.logging) == (None, Logging("Text", None))


def test_globals_are_merged_into_serverless_functions_alone(read: Read) -> None:
    functions = read("""
Globals:
  Function:
    Runtime: python3.13
    Timeout: 20
    Environment: {Variables: {A: common, B: common}}
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src
      Environment: {Variables: {B: own, C: own}}
  Two:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.11, Code: src}
""")
    assert functions["One"].environment == {"A": "common", "B": "own", "C": "own"}
    assert functions["One"].timeout == 20
    assert functions["Two"].environment == {}
    assert (functions["Two"].timeout, functions["Two"].runtime) == (3, "python3.11")


def test_references_between_functions_are_names_and_arns(read: Read) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:"
    functions = read(
        HEAD
        + """
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Caller:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables:
          NAME: !Ref Named
          SHORT: !GetAtt Named.Arn
          LONG: {"Fn::GetAtt": [Plain, Arn]}
          SUB: !Sub "${Named.Arn}:$LATEST"
          OWN: !Sub ["${Who}-${Stage}-${!Kept}", {Who: !Ref Plain}]
          VERSION: !Ref Named.Version
          SAM_ALIAS: !Ref Named.Alias
          SAM_NAME: !Ref NamedAliaslive
          OWN_ALIAS: !Ref Blue
          OWN_VERSION: !Ref First
  Named:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: !Sub "target-${Stage}", AutoPublishAlias: live}
  Blue:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Plain, Name: blue}
  First:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !GetAtt Plain.Arn}
  Plain: {Type: AWS::Serverless::Function}
"""
    )
    assert functions["Caller"].environment == {
        "NAME": "target-dev",
        "SHORT": f"{arn}target-dev",
        "LONG": f"{arn}Plain",
        "SUB": f"{arn}target-dev:$LATEST",
        "OWN": "Plain-dev-${Kept}",
        "VERSION": f"{arn}target-dev:$LATEST",
        "SAM_ALIAS": f"{arn}target-dev:live",
        "SAM_NAME": f"{arn}target-dev:live",
        "OWN_ALIAS": f"{arn}Plain:blue",
        "OWN_VERSION": f"{arn}Plain:$LATEST",
    }


def test_intrinsic_functions(read: Read) -> None:
    functions = read(
        HEAD
        + """
Parameters:
  Stage: {Type: String, Default: dev}
  Zones: {Type: CommaDelimitedList, Default: "a,b,c"}
Mappings: {Sizes: {dev: {Count: 1}, prod: {Count: 9}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Either: !Or [!Condition IsProd, !Condition IsDev]
  Both: !And [!Condition IsProd, !Condition IsDev]
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "t-${Stage}"}}
  Queue: {Type: AWS::SQS::Queue}
  Hidden: {Type: AWS::Serverless::Function, Condition: IsProd}
  Shown:
    Type: AWS::Serverless::Function
    Condition: Either
    Properties:
      Environment:
        Variables:
          JOIN: !Join ["-", [x, !Ref Stage]]
          SELECT: !Select [1, !Split [":", "a:b:c"]]
          ZONE: !Select [2, !Ref Zones]
          MAP: !FindInMap [Sizes, !Ref Stage, Count]
          IF: !If [Both, yes, no-prod]
          NONE: !If [IsDev, !Ref AWS::NoValue, 1]
          BASE: !Base64 hello
          REGION: !Sub "${AWS::Region}/${AWS::AccountId}"
          TABLE: !Ref Table
          QUEUE: !Ref Queue
"""
    )
    assert list(functions) == ["Shown"]
    assert functions["Shown"].environment == {
        "JOIN": "x-dev",
        "SELECT": "b",
        "ZONE": "c",
        "MAP": "1",
        "IF": "no-prod",
        "BASE": "aGVsbG8=",
        "REGION": "us-east-1/123456789012",
        "TABLE": "t-dev",
        "QUEUE": "Queue",
    }


def test_what_the_user_gives_wins(read: Read) -> None:
    template = (
        HEAD
        + """
Parameters: {Stage: {Type: String}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {STAGE: !Ref Stage, QUEUE: !GetAtt Queue.Arn}}
"""
    )
    functions = read(
        template,
        environment={"QUEUE": "local", "MORE": "1"},
        parameters={"Stage": "test"},
        log_format="JSON",
    )
    assert functions["One"].environment == {"STAGE": "test", "QUEUE": "local", "MORE": "1"}
    assert functions["One"].logging.format == "JSON"


def test_lambda_is_this_service_wherever_a_template_says_it_is(read: Read) -> None:
    template = (
        HEAD
        + """
Parameters: {LambdaEndpoint: {Type: String}}
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables: {AWS_ENDPOINT_URL_LAMBDA: !Ref LambdaEndpoint, STAGE: test}
"""
    )
    assert read(template)["One"].environment == {"STAGE": "test"}
    elsewhere = {"AWS_ENDPOINT_URL_LAMBDA": "http://localhost:1"}
    assert read(template, environment=elsewhere)["One"].environment == {
        "STAGE": "test",
        **elsewhere,
    }


def test_an_image_and_a_runtime_of_ones_own(read: Read) -> None:
    functions = read("""
Resources:
  Packed:
    Type: AWS::Serverless::Function
    Properties:
      PackageType: Image
      ImageUri: orders:latest
      ImageConfig: {Command: [app.handler], EntryPoint: /run, WorkingDirectory: /w}
  Provided:
    Type: AWS::Serverless::Function
    Properties: {Runtime: provided.al2023, CodeUri: src}
  Node:
    Type: AWS::Serverless::Function
    Metadata: {LambdaDurable: {Command: [npx, aws-lambda-ric, index.handler]}}
    Properties: {Runtime: nodejs22.x, Handler: index.handler, CodeUri: src}
""")
    image = functions["Packed"].image
    assert image is not None
    assert image.uri == "orders:latest"
    assert (image.command, image.entry_point) == (("app.handler",), ("/run",))
    assert functions["Provided"].command == ()
    assert functions["Node"].command == ("npx", "aws-lambda-ric", "index.handler")
    assert functions["Node"].handler == "index.handler"


def test_layers_of_the_template(read: Read, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    functions = read(
        HEAD
        + """
    Layers: [!Ref Shared, "arn:aws:lambda:us-east-1:123456789012:layer:other:1"]
Resources:
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: shared}}
  Gone: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://a/b}}
  One: {Type: AWS::Serverless::Function}
  Two: {Type: AWS::Serverless::Function, Properties: {Layers: [!Ref Gone]}}
"""
    )
    assert functions["One"].layers == (tmp_path / "shared",)
    assert functions["Two"].layers == (tmp_path / "shared",)


def test_the_stack_has_the_name_of_its_folder(read: Read, tmp_path: Path) -> None:
    template = "One: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: src, "
    template += 'Handler: app.handler, FunctionName: !Sub "${AWS::StackName}-one"}}'
    (name,) = read(f"Resources:\n  {template}\n")
    assert name.endswith("-one")
    assert "_" not in name


def test_a_json_template(read: Read) -> None:
    functions = read(
        '{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": '
        '{"Code": "src", "Handler": "app.handler", "Runtime": "python3.13"}}}}'
    )
    assert list(functions) == ["F"]


FUNCTION = HEAD + "Resources:\n  One:\n    Type: AWS::Serverless::Function\n    Properties:\n"

BAD = {
    "not YAML": ("a: [", "is not YAML"),
    "a list": ("- a", "has no Resources"),
    "a resource that is a text": ("Resources: {A: b}", "resource A: must be a mapping"),
    "no functions": (HEAD + "Resources: {Q: {Type: AWS::SQS::Queue}}", "no functions in"),
    "no handler file": (FUNCTION + "      Handler: ap.handler", "Handler: there is no ap.py in"),
    "a handler without a module": (FUNCTION + "      Handler: app", "Handler: must be a module"),
    "no folder": (FUNCTION + "      CodeUri: nowhere", "CodeUri: there is no folder"),
    "a file as folder": (FUNCTION + "      CodeUri: src/app.py", "is a file: name the folder"),
    "uploaded code": (FUNCTION + "      CodeUri: s3://a/b", "was uploaded already"),
    "inline code": (FUNCTION + "      InlineCode: pass", "put it into a folder"),
    "a time-out": (
        FUNCTION + "      Timeout: 901",
        "Timeout: must be a whole number from 1 to 900",
    ),
    "no concurrency": (FUNCTION + "      ReservedConcurrentExecutions: 0", "number from 1 to"),
    "memory": (FUNCTION + "      MemorySize: lots", "MemorySize: must be a whole number"),
    "a retention": (
        FUNCTION + "      DurableConfig: {RetentionPeriodInDays: 91}",
        "DurableConfig.RetentionPeriodInDays: must be a whole number from 1 to 90",
    ),
    "a log format": (
        FUNCTION + "      LoggingConfig: {LogFormat: Json}",
        "LoggingConfig.LogFormat: must be Text or JSON, not 'Json'",
    ),
    "a name": (FUNCTION + "      FunctionName: a b", "'a b' is not a function's name"),
    "an image": (FUNCTION + "      PackageType: Image", "ImageUri: is missing"),
    "no such resource": (
        FUNCTION + "      Environment: {Variables: {A: !Ref Onee}}",
        "A: there is no parameter or resource 'Onee'; did you mean One?; --env A=VALUE",
    ),
    "known when deployed": (
        FUNCTION + "      Environment: {Variables: {A: !GetAtt One.Version}}",
        "the Version of One (AWS::Serverless::Function) is known only once it is deployed",
    ),
    "no such function": (FUNCTION + "      Timeout: !Subb 1", "Fn::Subb is not known here"),
    "a dynamic reference": (
        FUNCTION + "      Environment: {Variables: {A: '{{resolve:ssm:a}}'}}",
        "{{resolve:ssm:a}} is known only once it is deployed; --env A=VALUE",
    ),
    "a parameter without a value": (
        "Parameters: {P: {Type: String}}" + FUNCTION + "      Timeout: !Ref P",
        "Timeout: parameter P has no Default: give it with --parameter P=VALUE",
    ),
    "a parameter in SSM": (
        "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}}"
        + FUNCTION
        + "      Timeout: !Ref P",
        "parameter P is kept in SSM",
    ),
    "a misused function": (FUNCTION + "      Timeout: !Select x", "Fn::Select cannot be applied"),
    "a circle": (FUNCTION + "      FunctionName: !Ref One", "resource One refers to itself"),
    "globals that are none": (
        "Globals: 3\nResources: {A: {}}",
        "Globals: must be a mapping of names",
    ),
    "parameters that are a list": (
        "Parameters: [P]\nResources: {A: {}}",
        "Parameters: must be a mapping of names, not ['P']",
    ),
    "a parameter that is a text": (
        "Parameters: {P: String}\nResources: {A: {}}",
        "Parameters.P: must be a mapping of names",
    ),
    "a condition that is no name": (
        HEAD + "Resources: {One: {Type: AWS::Serverless::Function, Condition: {A: 1}}}",
        "Condition: a condition's name is needed, not {'A': 1}",
    ),
    "a loop": (
        HEAD + "Resources: {'Fn::ForEach::All': [N, [A], {'${N}': {}}]}",
        "resource Fn::ForEach::All: Fn::ForEach is not carried out here: write the resources out",
    ),
    "variables that are a list": (
        FUNCTION + "      Environment: {Variables: [A]}",
        "Environment.Variables: must be a mapping",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_with_its_place(read: Read, tmp_path: Path, case: str) -> None:
    text, message = BAD[case]
    with pytest.raises(TemplateError, match="template.yaml") as caught:
        read(text)
    assert message in str(caught.value)


def test_a_name_is_given_once(read: Read, tmp_path: Path) -> None:
    read(HEAD + "Resources: {One: {Type: AWS::Serverless::Function}}\n")
    path = tmp_path / "template.yaml"
    other = tmp_path / "other.yaml"
    other.write_text(path.read_text())
    with pytest.raises(TemplateError, match="'One' is taken by resource One of") as caught:
        read_templates([path, other])
    assert "other.yaml" in str(caught.value)


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read: No such file"):
        read_templates([tmp_path / "none.yaml"])
